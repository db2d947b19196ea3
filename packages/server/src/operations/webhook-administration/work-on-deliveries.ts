import type { AuditEvent } from '@gatehouse/protocol';
import type { Tx } from '../../platform/database/index.ts';
import type { Event } from '../../platform/events/index.ts';
import type { PostOutcome } from '../../platform/signed-post/index.ts';
import { startOf } from '../event-feed/index.ts';
import {
  type Acting,
  findCursor,
  findDelivery,
  findEndpoint,
  renewDeliveries,
  sendWebhook,
  setReplay,
  type WebhookDeliveriesTable,
  type WebhookDesk,
  type WebhookEndpointsTable,
  wakeEndpoint,
  webhookRefusals,
} from '../webhooks/index.ts';

type OfEndpoint = Acting & { id: string };

/** The endpoint `id` of the client. Throws webhook_endpoint_not_found. */
export async function requireEndpoint(
  deps: Pick<WebhookDesk, 'database'>,
  { clientId, id }: { clientId: string; id: string },
): Promise<WebhookEndpointsTable> {
  const row = await findEndpoint(deps.database.read, { id, client_id: clientId });
  if (!row) throw webhookRefusals.webhook_endpoint_not_found();
  return row;
}

function announce(
  deps: WebhookDesk,
  tx: Tx,
  { name, metadata, ...input }: OfEndpoint & { name: Event['name']; metadata: Record<string, unknown> },
): Promise<void> {
  const { clientId, actor, request, id } = input;
  return deps.announce(tx, { name, clientId, actor, request, metadata, target: { type: 'webhook_endpoint', id } });
}

/** What a test sends: in the form of an event, but in no log. */
function testBody(endpoint: WebhookEndpointsTable, at: { id: string; now: number; by: Acting }): string {
  const { actor, request } = at.by;
  const event: Omit<AuditEvent, 'retention_until'> = {
    id: at.id,
    client_id: endpoint.client_id,
    user_id: null,
    event_type: 'webhook.test',
    actor_type: actor.type,
    actor_id: actor.id,
    target_type: 'webhook_endpoint',
    target_id: endpoint.id,
    request_id: request.requestId,
    ip: '',
    user_agent: '',
    metadata: {},
    created_at: new Date(at.now).toISOString(),
  };
  return JSON.stringify({ type: event.event_type, seq: null, ...event });
}

/** Sends a test right now, whatever the state of the endpoint, and says what came of it. */
export async function testEndpoint(deps: WebhookDesk, input: OfEndpoint): Promise<PostOutcome & { webhookId: string }> {
  const endpoint = await requireEndpoint(deps, input);
  const webhookId = deps.newId();
  const body = testBody(endpoint, { id: webhookId, now: deps.clock.now(), by: input });
  const outcome = await sendWebhook(deps, endpoint, {
    id: webhookId,
    deliveryId: webhookId,
    kind: 'webhook.test',
    body,
  });
  const metadata = { status: outcome.status, error: outcome.error };
  await deps.database.write((tx) => announce(deps, tx, { ...input, name: 'webhook_endpoint_tested', metadata }));
  return { ...outcome, webhookId };
}

/** Sends a delivery again, from the first attempt on. */
export async function redeliver(
  deps: WebhookDesk,
  input: OfEndpoint & { deliveryId: string },
): Promise<WebhookDeliveriesTable> {
  const { clientId: client_id, id: endpoint_id, deliveryId: id } = input;
  await requireEndpoint(deps, input);
  const renewed = await deps.database.write(async (tx) => {
    const row = await findDelivery(tx, { id, endpoint_id, client_id });
    if (!row) return null;
    const now = deps.clock.now();
    await renewDeliveries(tx, [{ ...row, next_attempt_at: now, give_up_at: now + deps.retryMs }]);
    await wakeEndpoint(tx, { id: endpoint_id, client_id, at: now });
    const metadata = { delivery_id: id, event_id: row.event_id };
    await announce(deps, tx, { ...input, name: 'webhook_redelivered', metadata });
    tx.afterCommit(deps.onQueued);
    return findDelivery(tx, { id, endpoint_id, client_id });
  });
  if (!renewed) throw webhookRefusals.webhook_delivery_not_found();
  return renewed;
}

/**
 * Sends every event again that the endpoint asks for, from a place or a time on until now, also those it had. A later replay takes
 * the place of one that is under way.
 */
export async function replay(
  deps: WebhookDesk,
  input: OfEndpoint & ({ fromSeq: number } | { fromTime: number }),
): Promise<{ fromSeq: number; toSeq: number }> {
  await requireEndpoint(deps, input);
  const { read } = deps.database;
  const since = 'fromTime' in input ? input.fromTime : 0;
  const from = 'fromTime' in input ? await startOf(read, input.fromTime) : input.fromSeq;
  return deps.database.write(async (tx) => {
    const end = await findCursor(tx);
    const of = { id: input.id, client_id: input.clientId };
    await setReplay.run(tx, { ...of, replay_seq: from, replay_end: end, replay_since: since });
    const metadata = { from_seq: from, to_seq: end, since: since === 0 ? null : new Date(since).toISOString() };
    await announce(deps, tx, { ...input, name: 'webhook_replay_started', metadata });
    tx.afterCommit(deps.onQueued);
    return { fromSeq: from, toSeq: end };
  });
}
