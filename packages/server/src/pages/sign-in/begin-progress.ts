import { type Client, clientRefusals } from '../../tenancy/clients/index.ts';
import type { PageCaller, SignInProgress } from '../frame/index.ts';
import type { PageDeps } from '../page-deps.ts';
import { readDestination } from './return-policy.ts';

/** Where this client's people may be sent after signing in; null is the account page. */
async function judgeReturn(deps: PageDeps, client: Client, text: unknown): Promise<string | null> {
  const destination = readDestination(text, deps.issuer);
  if (!destination) return null;
  return (await deps.clients.isOriginOf(client, destination.origin)) ? destination.url : null;
}

async function namedClient(deps: PageDeps, id: unknown): Promise<Client | null> {
  if (id === undefined) return null;
  const named = typeof id === 'string' ? await deps.clients.named({ clientId: id }) : null;
  if (!named) throw clientRefusals.invalid_client();
  return named;
}

/** What the address of the sign-in page says, on top of what the browser is in the middle of. Throws invalid_client, client_disabled. */
export async function beginProgress(
  deps: PageDeps,
  caller: PageCaller,
  query: Record<string, unknown>,
): Promise<{ client: Client; progress: SignInProgress }> {
  const { client_id: clientId, return_to: returnTo, again } = query;
  const { signIn } = caller.flow;
  const client = (await namedClient(deps, clientId)) ?? caller.client;
  const isFresh = clientId !== undefined || returnTo !== undefined || again !== undefined;
  const known = isFresh ? null : signIn;
  // An administrator has said where this client's people belong; a fresh proof leads back to where it was asked for.
  const usual = again === undefined ? (client.settings.auth_ui?.redirect_url ?? null) : null;
  return {
    client,
    progress: {
      clientId: client.id,
      returnTo: known ? known.returnTo : ((await judgeReturn(deps, client, returnTo)) ?? usual),
      again: known ? known.again : again !== undefined,
      startedAt: deps.clock.now(),
      email: known?.email ?? null,
    },
  };
}
