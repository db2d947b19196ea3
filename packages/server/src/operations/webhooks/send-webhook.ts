import type { Clock } from '../../platform/clock/index.ts';
import type { SafeFetch } from '../../platform/fetch/index.ts';
import { UnreadableSecret, type Vault } from '../../platform/secrets/index.ts';
import { type PostOutcome, postSigned, type SignedPost } from '../../platform/signed-post/index.ts';
import type { WebhookEndpointsTable } from './tables.ts';

export const SECRET_PURPOSE = 'webhook-secret';

export interface SendDeps {
  clock: Clock;
  vault: Vault;
  fetch: SafeFetch;
  /** Signs what goes to the `webhook_url` of clients (R344); without it nothing goes there. */
  signingSecret: string | undefined;
}

/** The secrets that sign for an endpoint now, the newest first. */
function secretsOf({ vault, signingSecret, clock }: SendDeps, endpoint: WebhookEndpointsTable): string[] {
  if (endpoint.source === 'client') return signingSecret === undefined ? [] : [signingSecret];
  const { secret_sealed: current, previous_sealed: previous, previous_until: until } = endpoint;
  const sealed = [current, until !== null && until > clock.now() ? previous : null];
  return sealed.flatMap((one) => (one === null ? [] : [vault.open(SECRET_PURPOSE, one)]));
}

/** Sends one webhook to an endpoint, once. */
export async function sendWebhook(
  deps: SendDeps,
  endpoint: WebhookEndpointsTable,
  content: Pick<SignedPost, 'id' | 'deliveryId' | 'kind' | 'body'>,
): Promise<PostOutcome> {
  try {
    return await postSigned(deps, { ...content, url: endpoint.url, secrets: secretsOf(deps, endpoint) });
  } catch (error) {
    // The master secret has changed: that ends as a dead letter, not as an attempt without end.
    if (!(error instanceof UnreadableSecret)) throw error;
    return { status: null, error: 'secret_unreadable', durationMs: 0, retryAfterMs: null };
  }
}
