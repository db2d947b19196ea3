/**
 * Webhooks: sealed events, sent to the addresses that the administrators of a client name. The log is the outbox: a cursor goes over it once and
 * leaves exactly one delivery for every endpoint that asks for an event. Deliveries are signed (Standard Webhooks, and `X-Gatehouse-*`), tried for
 * days with growing pauses, and kept as dead letters after that. A receiver that is slow or down holds up nobody but itself: each endpoint
 * has a window of its own, and one that is down is only probed.
 */
import type { Clock } from '../../platform/clock/index.ts';
import type { Database } from '../../platform/database/index.ts';
import type { Announce } from '../../platform/events/index.ts';
import type { SafeFetch } from '../../platform/fetch/index.ts';
import type { NewId } from '../../platform/ids/index.ts';
import type { Vault } from '../../platform/secrets/index.ts';
import { createDispatcher, type Dispatcher } from './create-dispatcher.ts';
import type { ManageDeps } from './manage-endpoints.ts';
import type { SendDeps } from './send-webhook.ts';

export { refusals as webhookRefusals } from './errors.ts';
export {
  type Acting,
  changeEndpoint,
  createEndpoint,
  removeEndpoint,
  rotateSecret,
  setClientWebhook,
} from './manage-endpoints.ts';
export { sendWebhook } from './send-webhook.ts';
export {
  countPendingDeliveries,
  findCursor,
  findDelivery,
  forgetSettled,
  listDeliveries,
  renewDeliveries,
} from './store/deliveries.ts';
export { findEndpoint, listEndpoints, wakeEndpoint } from './store/endpoints.ts';
export { setReplay } from './store/replays.ts';
export type { WebhookDeliveriesTable, WebhookEndpointsTable } from './tables.ts';

export interface WebhooksDeps {
  clock: Clock;
  newId: NewId;
  database: Database;
  vault: Vault;
  announce: Announce;
  /** Sends to addresses that a stranger named, and to no others than it should. */
  fetch: SafeFetch;
  /** Throws FetchRefusal for an address that could never be sent to. */
  checkUrl(url: string): void;
  onFailure(error: unknown): void;
  settings: {
    timeoutSeconds: number;
    retryHours: number;
    /** An end to the attempts of a delivery before its hours are over. */
    retryAttempts: number | undefined;
    concurrency: number;
    signingSecret: string | undefined;
  };
}

/** What those need who administer endpoints. */
export interface WebhookDesk extends ManageDeps, SendDeps {
  /** How long a delivery is tried. */
  retryMs: number;
  /** Told after the commit that there is something to send. */
  onQueued(): void;
}

export interface Webhooks extends Dispatcher {
  desk: WebhookDesk;
}

const SECOND = 1000;
const HOUR = 3_600_000;
const LEASE_SLACK_MS = 10_000;

export function createWebhooks(deps: WebhooksDeps): Webhooks {
  const { settings } = deps;
  const { signingSecret, concurrency } = settings;
  const retryMs = settings.retryHours * HOUR;
  const base = { ...deps, retryMs, signingSecret, concurrency };
  const dispatcher = createDispatcher({
    ...base,
    mostAttempts: settings.retryAttempts ?? Number.POSITIVE_INFINITY,
    leaseMs: settings.timeoutSeconds * SECOND + LEASE_SLACK_MS,
    hasSigningSecret: signingSecret !== undefined,
  });
  return { ...dispatcher, desk: { ...base, onQueued: dispatcher.look } };
}
