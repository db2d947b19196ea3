import {
  type WebhookDelivery,
  WebhookDeliveryPath,
  WebhookDelivery as WebhookDeliveryShape,
  WebhookDeliveryStatus,
  WebhookEndpointPath,
  WebhookReplay,
  WebhookReplayAnswer,
  WebhookTest,
} from '@gatehouse/protocol';
import { Type } from 'typebox';
import { defineRoute, httpRefusals, type Route, reply } from '../../platform/http/index.ts';
import { PageOf, pageFields, pageOf, readPage } from '../../platform/paging/index.ts';
import { listDeliveries, type WebhookDeliveriesTable, type WebhookDesk } from '../webhooks/index.ts';
import { redeliver, replay, requireEndpoint } from './work-on-deliveries.ts';

const path = '/api/admin/clients/:client_id/webhooks/:id';
const base = { tag: 'Administration: webhooks', cors: 'nobody' } as const;
const notFound = 'webhook_endpoint_not_found';

const timeOf = (at: number | null) => (at === null ? null : new Date(at).toISOString());

function presentDelivery(row: WebhookDeliveriesTable): WebhookDelivery {
  const isOpen = row.status === 'pending';
  return {
    id: row.id,
    client_id: row.client_id,
    endpoint_id: row.endpoint_id,
    event_id: row.event_id,
    event_type: row.event_type,
    seq: row.seq,
    status: row.status,
    attempts: row.attempts,
    next_attempt_at: isOpen ? timeOf(row.next_attempt_at) : null,
    give_up_at: isOpen ? timeOf(row.give_up_at) : null,
    last_status: row.last_status,
    last_error: row.last_error,
    last_duration_ms: row.last_duration_ms,
    settled_at: timeOf(row.settled_at),
    created_at: new Date(row.created_at).toISOString(),
  };
}

function invalid(field: string, problem: string) {
  return httpRefusals.invalid_request({ body: { details: [{ field, problem }] } });
}

/** Where a replay begins: exactly one of the two ways to say it. */
function beginningOf(body: { from_seq?: number; from_time?: string }): { fromSeq: number } | { fromTime: number } {
  const { from_seq: seq, from_time: time } = body;
  if (seq !== undefined && time === undefined) return { fromSeq: seq };
  if (seq !== undefined || time === undefined) throw invalid('from_seq', 'give either from_seq or from_time');
  const at = /^\d{4}-\d\d-\d\dT/.test(time) ? Date.parse(time) : Number.NaN;
  if (Number.isNaN(at)) throw invalid('from_time', 'is not a time in ISO 8601');
  return { fromTime: at };
}

function listRoute(deps: WebhookDesk): Route {
  return defineRoute({
    ...base,
    access: { client_admin: 'webhooks:read' },
    method: 'GET',
    path: `${path}/deliveries`,
    summary: 'What was sent to a webhook endpoint, the newest first',
    params: WebhookEndpointPath,
    query: Type.Object({ ...pageFields, status: Type.Optional(WebhookDeliveryStatus) }),
    responses: { 200: PageOf(WebhookDeliveryShape, 'WebhookDeliveryPage') },
    refusals: [notFound],
    async handle({ caller, params, query }) {
      const of = { clientId: caller.client.id, id: params.id };
      await requireEndpoint(deps, of);
      const { limit, after } = readPage(query);
      const rows = await listDeliveries(deps.database.read, {
        client_id: of.clientId,
        endpoint_id: of.id,
        status: query.status,
        before: after,
        most: limit + 1,
      });
      return pageOf(rows, { limit, keyOf: (row) => row.id, present: presentDelivery });
    },
  });
}

function redeliverRoute(deps: WebhookDesk): Route {
  return defineRoute({
    ...base,
    access: { client_admin: 'webhooks:write' },
    method: 'POST',
    path: `${path}/deliveries/:delivery_id/redeliver`,
    summary: 'Send a delivery again',
    params: WebhookDeliveryPath,
    body: WebhookTest,
    responses: { 202: WebhookDeliveryShape },
    refusals: [notFound, 'webhook_delivery_not_found'],
    async handle({ caller, params, facts }) {
      const acting = { clientId: caller.client.id, actor: caller.admin.actor, request: facts };
      const row = await redeliver(deps, { ...acting, id: params.id, deliveryId: params.delivery_id });
      return reply({ status: 202, body: presentDelivery(row) });
    },
  });
}

function replayRoute(deps: WebhookDesk): Route {
  return defineRoute({
    ...base,
    access: { client_admin: 'webhooks:write' },
    method: 'POST',
    path: `${path}/replay`,
    summary: 'Send all events again from a place in the log, or a time, until now',
    params: WebhookEndpointPath,
    body: WebhookReplay,
    responses: { 202: WebhookReplayAnswer },
    refusals: [notFound],
    async handle({ caller, params, body, facts }) {
      const acting = { clientId: caller.client.id, actor: caller.admin.actor, request: facts };
      const { fromSeq, toSeq } = await replay(deps, { ...acting, id: params.id, ...beginningOf(body) });
      return reply({ status: 202, body: { from_seq: fromSeq, to_seq: toSeq } });
    },
  });
}

/** The log of deliveries, and sending again. */
export function deliveryRoutes(deps: WebhookDesk): Route[] {
  return [listRoute(deps), redeliverRoute(deps), replayRoute(deps)];
}
