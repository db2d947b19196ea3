import { findPageSession, sessionRefusals } from '../../identity/sessions/index.ts';
import type { Messages } from '../../messages/index.ts';
import { type Guard, type RawRequest, readCookie } from '../../platform/http/index.ts';
import { defineRefusals, type Refusal } from '../../platform/refusals/index.ts';
import { ADMINISTRATORS_CLIENT, type Client, clientRefusals } from '../../tenancy/clients/index.ts';
import type { PageDeps } from '../page-deps.ts';
import { askedLanguage, chooseMessages } from './choose-language.ts';
import { cookieNames, localeCookie } from './cookies.ts';
import { createFlow, type Flow, openFlow } from './flow.ts';
import { formToken, requireOwnForm } from './form-token.ts';

type PageSession = NonNullable<Awaited<ReturnType<typeof findPageSession>>>;

/** Whoever looks at a page: one browser, and the person signed in there, if anybody is. */
export interface PageCaller {
  /** The client of the sign-in under way, else of the session, else the default one. */
  client: Client;
  flow: Flow;
  /** Whether the browser has yet to be given its flow cookie. */
  isNewFlow: boolean;
  session: PageSession | null;
  messages: Messages;
  /** What every form of the page carries. */
  token: string;
  /** Cookies that the answer sets in any case. */
  cookies: string[];
}

/** Somebody signed in on the pages. */
export interface PageUser extends PageCaller {
  session: PageSession;
}

declare module '../../platform/http/route.ts' {
  interface Callers {
    /** Anybody with a browser. */
    page: PageCaller;
    /** A person signed in on the hosted pages; others are led to the sign-in page. */
    page_user: PageUser;
  }
}

const refusals = defineRefusals({
  sign_in_first: { status: 303, message: 'Sign in to see this page.' },
});

/** A script is told; a person is led to the sign-in page and back. A form that could not be taken leads back to its page. */
function signInFirst({ method, url, headers }: RawRequest): Refusal {
  if (headers['content-type']?.includes('application/json')) return sessionRefusals.invalid_access_token();
  const back = method === 'GET' ? url.slice(0, 1000) : '/account';
  return refusals.sign_in_first({ headers: { location: `/login?return_to=${encodeURIComponent(back)}` } });
}

function cookieIn(request: RawRequest, name: string): string | null {
  return readCookie(request.headers.cookie as string | undefined, name);
}

async function sessionOf(deps: PageDeps, request: RawRequest): Promise<PageSession | null> {
  const found = await findPageSession(deps, cookieIn(request, cookieNames(deps.issuer).session));
  const client = found && (await deps.clients.find(found.session.client_id));
  return client?.status === 'active' ? found : null;
}

async function clientOf(deps: PageDeps, id: string | undefined): Promise<Client> {
  const client = (id !== undefined && (await deps.clients.find(id))) || (await deps.clients.standard());
  if (client.status !== 'active') throw clientRefusals.client_disabled();
  return client;
}

async function establish(deps: PageDeps, request: RawRequest): Promise<PageCaller> {
  const known = openFlow(deps.vault, cookieIn(request, cookieNames(deps.issuer).flow), deps.clock.now());
  const flow = known ?? createFlow();
  const session = await sessionOf(deps, request);
  // A link may name the client before any sign-in is under way; whether it may be signed in to is judged by the page.
  const named = request.method === 'GET' ? await namedClient(deps, request) : null;
  const client = named ?? (await clientOf(deps, flow.signIn?.clientId ?? session?.session.client_id));
  const asked = askedLanguage(request);
  return {
    client,
    flow,
    isNewFlow: known === null,
    session,
    messages: chooseMessages(request, client.settings.auth_ui?.locale),
    token: formToken(deps.vault, flow),
    cookies: asked ? [localeCookie(deps.issuer, asked)] : [],
  };
}

/** The client that the address of a page names, if there is one; it may be disabled. */
async function namedClient(deps: PageDeps, request: RawRequest): Promise<Client | null> {
  const { client_id: id } = request.query;
  return typeof id === 'string' && id !== ADMINISTRATORS_CLIENT ? deps.clients.find(id) : null;
}

/** The client that a request is about, as far as anybody can say who may not look further: for the brand of a refusal. */
export async function clientAbout(deps: PageDeps, request: RawRequest): Promise<Client | null> {
  const named = await namedClient(deps, request);
  if (named) return named;
  const flow = openFlow(deps.vault, cookieIn(request, cookieNames(deps.issuer).flow), deps.clock.now());
  return flow?.signIn ? deps.clients.find(flow.signIn.clientId) : null;
}

/** The flow a browser goes on with once somebody has signed in or out: forms drawn before are void (T-056). */
export function newFlow(notice: Flow['notice'] = null): Flow {
  return { ...createFlow(), notice };
}

export function createPageGuards(deps: PageDeps): { page: Guard<PageCaller>; page_user: Guard<PageUser> } {
  return {
    page: async (request) => {
      const caller = await establish(deps, request);
      requireOwnForm(deps, request, caller.flow);
      return caller;
    },
    page_user: async (request) => {
      const caller = await establish(deps, request);
      const { session } = caller;
      if (!session) throw signInFirst(request);
      requireOwnForm(deps, request, caller.flow);
      return { ...caller, session, client: await clientOf(deps, session.session.client_id) };
    },
  };
}
