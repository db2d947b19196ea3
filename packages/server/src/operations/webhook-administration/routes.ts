import {
  Ok,
  type WebhookEndpoint,
  WebhookEndpointChange,
  WebhookEndpointCreate,
  WebhookEndpointPath,
  WebhookEndpoint as WebhookEndpointShape,
  WebhookEndpointWithSecret,
  WebhookSecretRotation,
  WebhookTest,
  WebhookTestOutcome,
} from '@gatehouse/protocol';
import { Type } from 'typebox';
import type { RequestFacts } from '../../platform/events/index.ts';
import { type Callers, defineRoute, type Route, reply } from '../../platform/http/index.ts';
import { PageOf, pageFields, pageOf, readPage } from '../../platform/paging/index.ts';
import {
  type Acting,
  changeEndpoint,
  createEndpoint,
  listEndpoints,
  removeEndpoint,
  rotateSecret,
  type WebhookDesk,
  type WebhookEndpointsTable,
} from '../webhooks/index.ts';
import { deliveryRoutes } from './delivery-routes.ts';
import { requireEndpoint, testEndpoint } from './work-on-deliveries.ts';

const WEBHOOKS_PATH = '/api/admin/clients/:client_id/webhooks';
const oneEndpoint = `${WEBHOOKS_PATH}/:id`;
const base = { tag: 'Administration: webhooks', cors: 'nobody' } as const;
const reading = { ...base, access: { client_admin: 'webhooks:read' } } as const;
const writing = { ...base, access: { client_admin: 'webhooks:write' } } as const;
const notFound = ['webhook_endpoint_not_found'];

const timeOf = (at: number | null) => (at === null ? null : new Date(at).toISOString());

function presentEndpoint(row: WebhookEndpointsTable): WebhookEndpoint {
  return {
    id: row.id,
    client_id: row.client_id,
    url: row.url,
    events: JSON.parse(row.events) as string[],
    status: row.status,
    source: row.source,
    failures: row.failures,
    previous_secret_until: timeOf(row.previous_until),
    created_at: new Date(row.created_at).toISOString(),
    updated_at: new Date(row.updated_at).toISOString(),
  };
}

function actingOf({ admin, client }: Callers['client_admin'], request: RequestFacts): Acting {
  return { clientId: client.id, actor: admin.actor, request };
}

function createRoute(deps: WebhookDesk): Route {
  return defineRoute({
    ...writing,
    method: 'POST',
    path: WEBHOOKS_PATH,
    summary: 'Add a webhook endpoint; its secret is shown once',
    params: Type.Object({ client_id: Type.String() }),
    body: WebhookEndpointCreate,
    responses: { 201: WebhookEndpointWithSecret },
    refusals: ['webhook_url_refused', 'webhook_endpoint_limit'],
    async handle({ caller, body, facts }) {
      const input = { ...actingOf(caller, facts), url: body.url, events: body.events ?? [] };
      const { endpoint, secret } = await createEndpoint(deps, input);
      return reply({ status: 201, body: { ...presentEndpoint(endpoint), secret } });
    },
  });
}

function readRoutes(deps: WebhookDesk): Route[] {
  const list = defineRoute({
    ...reading,
    method: 'GET',
    path: WEBHOOKS_PATH,
    summary: 'The webhook endpoints of a client',
    params: Type.Object({ client_id: Type.String() }),
    query: Type.Object(pageFields),
    responses: { 200: PageOf(WebhookEndpointShape, 'WebhookEndpointPage') },
    async handle({ caller, query }) {
      const { limit, after } = readPage(query);
      const of = { client_id: caller.client.id, after: after ?? '', most: limit + 1 };
      const rows = await listEndpoints(deps.database.read, of);
      return pageOf(rows, { limit, keyOf: (row) => row.id, present: presentEndpoint });
    },
  });
  const one = defineRoute({
    ...reading,
    method: 'GET',
    path: oneEndpoint,
    summary: 'A webhook endpoint',
    params: WebhookEndpointPath,
    responses: { 200: WebhookEndpointShape },
    refusals: notFound,
    handle: async ({ caller, params }) =>
      presentEndpoint(await requireEndpoint(deps, { clientId: caller.client.id, id: params.id })),
  });
  return [list, one];
}

function changeRoutes(deps: WebhookDesk): Route[] {
  const change = defineRoute({
    ...writing,
    method: 'PATCH',
    path: oneEndpoint,
    summary: 'Change address, events or status of a webhook endpoint',
    params: WebhookEndpointPath,
    body: WebhookEndpointChange,
    responses: { 200: WebhookEndpointShape },
    refusals: [...notFound, 'webhook_url_refused', 'webhook_endpoint_managed'],
    handle: async ({ caller, params, body, facts }) =>
      presentEndpoint(await changeEndpoint(deps, { ...actingOf(caller, facts), id: params.id, change: body })),
  });
  const remove = defineRoute({
    ...writing,
    method: 'DELETE',
    path: oneEndpoint,
    summary: 'Remove a webhook endpoint and its deliveries',
    params: WebhookEndpointPath,
    responses: { 200: Ok },
    refusals: [...notFound, 'webhook_endpoint_managed'],
    async handle({ caller, params, facts }) {
      await removeEndpoint(deps, { ...actingOf(caller, facts), id: params.id });
      return { ok: true };
    },
  });
  return [change, remove];
}

function secretRoute(deps: WebhookDesk): Route {
  return defineRoute({
    ...writing,
    method: 'POST',
    path: `${oneEndpoint}/rotate-secret`,
    summary: 'Give a webhook endpoint a new secret; the old one signs beside it for a while',
    params: WebhookEndpointPath,
    body: WebhookSecretRotation,
    responses: { 200: WebhookEndpointWithSecret },
    refusals: [...notFound, 'webhook_endpoint_managed'],
    async handle({ caller, params, body, facts }) {
      const { overlap_seconds: overlapSeconds, immediate } = body;
      const input = {
        ...actingOf(caller, facts),
        id: params.id,
        ...(overlapSeconds !== undefined && { overlapSeconds }),
        ...(immediate !== undefined && { immediate }),
      };
      const { endpoint, secret } = await rotateSecret(deps, input);
      return { ...presentEndpoint(endpoint), secret };
    },
  });
}

function testRoute(deps: WebhookDesk): Route {
  return defineRoute({
    ...writing,
    method: 'POST',
    path: `${oneEndpoint}/test`,
    summary: 'Send a test to a webhook endpoint now',
    params: WebhookEndpointPath,
    body: WebhookTest,
    responses: { 200: WebhookTestOutcome },
    refusals: notFound,
    async handle({ caller, params, facts }) {
      const outcome = await testEndpoint(deps, { ...actingOf(caller, facts), id: params.id });
      return {
        delivered: outcome.error === null,
        webhook_id: outcome.webhookId,
        status: outcome.status,
        error: outcome.error,
        duration_ms: outcome.durationMs,
      };
    },
  });
}

/** Endpoints of a client and what was sent to them. */
export function webhookRoutes(deps: WebhookDesk): Route[] {
  return [
    createRoute(deps),
    ...readRoutes(deps),
    ...changeRoutes(deps),
    secretRoute(deps),
    testRoute(deps),
    ...deliveryRoutes(deps),
  ];
}
