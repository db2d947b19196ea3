import type { Database, Tx } from '../../platform/database/index.ts';
import { type Announce, changesOf } from '../../platform/events/index.ts';
import type { PostOutcome } from '../../platform/signed-post/index.ts';
import { findSealed, presentSealed } from '../event-feed/index.ts';
import { afterFailure, DEAD_EVENT, isDown, isLate, pauseMs, quietMs, windowOf } from './delivery-policy.ts';
import { type SendDeps, sendWebhook } from './send-webhook.ts';
import {
  claimDeliveries,
  countUnderWay,
  expireDeliveries,
  findNextAttempt,
  hurryDeliveries,
  settleDelivery,
} from './store/deliveries.ts';
import {
  disableEndpoint,
  lockDueEndpoint,
  noteFailure,
  noteSuccess,
  quietEndpoint,
  setWorkAt,
} from './store/endpoints.ts';
import type { WebhookDeliveriesTable, WebhookEndpointsTable } from './tables.ts';

export interface AttemptDeps extends SendDeps {
  database: Database;
  announce: Announce;
  /** Deliveries on their way to one endpoint at once. */
  concurrency: number;
  mostAttempts: number;
  /** Longer than any attempt takes: after this time another node takes over. */
  leaseMs: number;
}

/** A delivery that this node has to attempt now. */
export interface Claimed {
  endpoint: WebhookEndpointsTable;
  delivery: WebhookDeliveriesTable;
}

function queueOf({ id, client_id }: WebhookEndpointsTable) {
  return { endpoint_id: id, client_id };
}

/** Gives up what is too old to be sent; whether there was any. */
async function expireWaiting(deps: AttemptDeps, tx: Tx, endpoint: WebhookEndpointsTable): Promise<boolean> {
  const reason = isDown(endpoint.failures) ? 'endpoint_down' : 'expired';
  const waited = await expireDeliveries(tx, { ...queueOf(endpoint), now: deps.clock.now(), reason });
  for (const expired of waited) await announceDead(deps, tx, expired);
  return waited.length > 0;
}

/** Takes what is due for an endpoint; empty when its window is full, or another node is at it. */
export function claimForEndpoint(deps: AttemptDeps, of: { id: string; client_id: string }): Promise<Claimed[]> {
  return deps.database.write(async (tx) => {
    const now = deps.clock.now();
    const endpoint = await lockDueEndpoint(tx, { ...of, now });
    if (!endpoint) return [];
    const queue = queueOf(endpoint);
    const at = { ...queue, now };
    // What is left is looked at again before anything is sent.
    if (isLate(endpoint.work_at, now) && (await expireWaiting(deps, tx, endpoint))) return [];
    const room = windowOf(endpoint.failures, deps.concurrency) - (await countUnderWay(tx, at));
    const until = now + deps.leaseMs;
    const probing = isDown(endpoint.failures);
    const taken = room > 0 ? await claimDeliveries(tx, { ...at, until, most: room, probing }) : [];
    // With a full window there is nothing to do before a delivery is settled, which says so, or its lease ends.
    const isFull = room <= taken.length;
    await setWorkAt.run(tx, { ...of, work_at: isFull ? until : await findNextAttempt(tx, queue) });
    return taken.map((delivery) => ({ endpoint, delivery }));
  });
}

async function announceDead(deps: AttemptDeps, tx: Tx, delivery: WebhookDeliveriesTable): Promise<void> {
  // Endpoints of one client that are all down would else report each other for ever.
  if (delivery.event_type === DEAD_EVENT) return;
  await deps.announce(tx, {
    name: DEAD_EVENT,
    clientId: delivery.client_id,
    actor: { type: 'system', id: null },
    target: { type: 'webhook_endpoint', id: delivery.endpoint_id },
    metadata: {
      delivery_id: delivery.id,
      event_id: delivery.event_id,
      event_type: delivery.event_type,
      attempts: delivery.attempts,
      error: delivery.last_error,
    },
    request: { requestId: '', ip: '', userAgent: '' },
  });
}

const GONE = 410;

/** Does what a receiver asks for: to be left alone for a while (`Retry-After`), or for good (410). */
async function heedAnswer(
  deps: AttemptDeps,
  tx: Tx,
  { endpoint, outcome }: { endpoint: WebhookEndpointsTable; outcome: PostOutcome },
): Promise<void> {
  const now = deps.clock.now();
  const quiet = quietMs(outcome.retryAfterMs);
  if (quiet > 0) await quietEndpoint(tx, { ...endpoint, until: now + quiet });
  if (outcome.status !== GONE || !(await disableEndpoint(tx, { ...endpoint, now }))) return;
  await deps.announce(tx, {
    name: 'webhook_endpoint_disabled',
    clientId: endpoint.client_id,
    actor: { type: 'system', id: null },
    target: { type: 'webhook_endpoint', id: endpoint.id },
    metadata: { reason: 'gone', ...changesOf({ status: 'active' }, { status: 'disabled' }) },
    request: { requestId: '', ip: '', userAgent: '' },
  });
}

function settleSuccess(deps: AttemptDeps, { endpoint, delivery }: Claimed, outcome: PostOutcome): Promise<void> {
  return deps.database.write(async (tx) => {
    const now = deps.clock.now();
    await noteSuccess(tx, { ...endpoint, now });
    await settleDelivery(tx, { ...resultOf(delivery, outcome), status: 'delivered', settled_at: now });
    if (isDown(endpoint.failures)) await hurryDeliveries(tx, { ...queueOf(endpoint), now });
  });
}

function resultOf(delivery: WebhookDeliveriesTable, { status, error, durationMs }: PostOutcome) {
  const { id, client_id, attempts, next_attempt_at } = delivery;
  return {
    id,
    client_id,
    attempts,
    next_attempt_at,
    last_status: status,
    last_error: error,
    last_duration_ms: durationMs,
  };
}

function settleFailure(deps: AttemptDeps, { endpoint, delivery }: Claimed, outcome: PostOutcome): Promise<void> {
  return deps.database.write(async (tx) => {
    const now = deps.clock.now();
    const pause = Math.max(pauseMs(delivery.attempts, Math.random()), quietMs(outcome.retryAfterMs));
    const verdict = afterFailure(delivery, { now, pauseMs: pause, mostAttempts: deps.mostAttempts });
    const failures = await noteFailure(tx, { ...endpoint, now });
    if (isDown(failures))
      await setWorkAt.run(tx, { ...endpoint, work_at: verdict.dead ? now + pause : verdict.nextAt });
    const result = resultOf(delivery, outcome);
    const isLatest = await settleDelivery(
      tx,
      verdict.dead
        ? { ...result, status: 'dead', settled_at: now }
        : { ...result, status: 'pending', settled_at: null, next_attempt_at: verdict.nextAt },
    );
    if (verdict.dead && isLatest) await announceDead(deps, tx, { ...delivery, last_error: outcome.error });
    if (isDown(failures)) await expireWaiting(deps, tx, { ...endpoint, failures });
    await heedAnswer(deps, tx, { endpoint, outcome });
  });
}

/** Sends a claimed delivery and writes down what came of it. */
export async function attemptDelivery(deps: AttemptDeps, claimed: Claimed): Promise<void> {
  const { endpoint, delivery } = claimed;
  const [event] = await findSealed(deps.database.read, [delivery]);
  if (!event) {
    // Purged before it could be sent: there is nothing left to send.
    const gone = { ...claimed, delivery: { ...delivery, give_up_at: 0 } };
    return settleFailure(deps, gone, { status: null, error: 'event_purged', durationMs: 0, retryAfterMs: null });
  }
  const outcome = await sendWebhook(deps, endpoint, {
    id: event.id,
    deliveryId: delivery.id,
    kind: 'audit.event',
    body: JSON.stringify(presentSealed(event)),
  });
  return outcome.error === null ? settleSuccess(deps, claimed, outcome) : settleFailure(deps, claimed, outcome);
}
