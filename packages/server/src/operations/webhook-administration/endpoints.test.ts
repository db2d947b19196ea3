import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../../../test/kit/test-server.ts';
import { type Receiver, startReceiver } from '../../../test/kit/webhook-receiver.ts';

const PATH = '/api/admin/clients/default/webhooks';
const ABSENT = '01234567-89ab-7000-8000-0123456789ab';
let server: TestServer;
let receiver: Receiver;

beforeAll(async () => {
  receiver = await startReceiver();
  const settings = { 'webhooks.allowedNetworks': '127.0.0.1', 'webhooks.allowedPorts': 'any' };
  server = await startTestServer({ settings });
});
afterEach(() => {
  receiver.answerWith(204);
});
afterAll(async () => {
  await receiver.close();
  await server.close();
});

const create = async (body: object = {}) =>
  (await server.askAsOwner(PATH, { body: { url: receiver.url, ...body } })).body;
const eventsNamed = async (name: string) => {
  const { query } = server.house.ground.database.read;
  return query.selectFrom('audit_events').selectAll().where('event_type', '=', name).orderBy('id', 'desc').execute();
};

test('an endpoint is added with a secret that is shown once', async () => {
  const created = await create({ events: ['login_*'] });
  expect(created).toMatchObject({ client_id: 'default', url: receiver.url, events: ['login_*'], status: 'active' });
  expect(created.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  const { secret, ...rest } = created;
  const read = await server.askAsOwner(`${PATH}/${created.id}`);
  expect(read.body).toEqual(rest);
  const [event] = await eventsNamed('webhook_endpoint_created');
  expect(event).toMatchObject({ actor_type: 'break_glass', target_type: 'webhook_endpoint', target_id: created.id });
  expect(JSON.parse(event?.metadata ?? '')).toMatchObject({ after: { url: receiver.url, events: ['login_*'] } });
  expect(event?.metadata).not.toContain(secret);
});

test('endpoints are listed in pages, and a cursor of nowhere is refused', async () => {
  await create();
  await create();
  const first = await server.askAsOwner(`${PATH}?limit=1`);
  expect(first.body.items).toHaveLength(1);
  const second = await server.askAsOwner(`${PATH}?limit=1&cursor=${first.body.next_cursor}`);
  expect(second.body.items[0].id > first.body.items[0].id).toBe(true);
  expect((await server.askAsOwner(`${PATH}?cursor=%21`)).status).toBe(400);
});

test('a change is written down as before and after', async () => {
  const { id } = await create();
  const answer = await server.askAsOwner(`${PATH}/${id}`, {
    method: 'PATCH',
    body: { status: 'disabled', events: ['user_*'] },
  });
  expect(answer.body).toMatchObject({ id, status: 'disabled', events: ['user_*'], url: receiver.url });
  const [event] = await eventsNamed('webhook_endpoint_updated');
  expect(JSON.parse(event?.metadata ?? '')).toEqual({
    before: { events: [], status: 'active' },
    after: { events: ['user_*'], status: 'disabled' },
  });
});

test('a removed endpoint is gone', async () => {
  const { id } = await create();
  expect((await server.askAsOwner(`${PATH}/${id}`, { method: 'DELETE' })).body).toEqual({ ok: true });
  expect((await server.askAsOwner(`${PATH}/${id}`)).body.error).toBe('webhook_endpoint_not_found');
  expect(await eventsNamed('webhook_endpoint_deleted')).toHaveLength(1);
});

test('a client has twenty endpoints at most', async () => {
  const listed = await server.askAsOwner(`${PATH}?limit=50`);
  for (let i = listed.body.items.length; i < 20; i++) await create();
  const refused = await server.askAsOwner(PATH, { body: { url: receiver.url } });
  expect(refused).toMatchObject({ status: 409, body: { error: 'webhook_endpoint_limit' } });
  for (const { id } of (await server.askAsOwner(`${PATH}?limit=50`)).body.items)
    await server.askAsOwner(`${PATH}/${id}`, { method: 'DELETE' });
});

test('a test is sent at once and says what came of it', async () => {
  const { id } = await create();
  const before = receiver.arrivals.length;
  const taken = await server.askAsOwner(`${PATH}/${id}/test`, { body: {} });
  expect(taken.body).toMatchObject({ delivered: true, status: 204, error: null });
  expect(taken.body.duration_ms).toBeGreaterThanOrEqual(0);
  const arrival = receiver.arrivals[before];
  expect(arrival?.headers).toMatchObject({ 'x-gatehouse-event': 'webhook.test', 'webhook-id': taken.body.webhook_id });
  expect(JSON.parse(arrival?.text ?? '')).toMatchObject({ type: 'webhook.test', target_id: id });
  receiver.answerWith(500);
  const failed = await server.askAsOwner(`${PATH}/${id}/test`, { body: {} });
  expect(failed.body).toMatchObject({ delivered: false, status: 500, error: 'http_500' });
  expect(await eventsNamed('webhook_endpoint_tested')).toHaveLength(2);
});

//
test.each([
  ['POST', '', { url: 'https://example.com', secret: 'mine' }],
  ['PATCH', `/${ABSENT}`, { client_id: 'other' }],
  ['POST', `/${ABSENT}/rotate-secret`, { secret: 'mine' }],
  ['POST', `/${ABSENT}/test`, { url: 'https://example.com' }],
  ['POST', `/${ABSENT}/replay`, { to_seq: 1 }],
  ['POST', `/${ABSENT}/deliveries/${ABSENT}/redeliver`, { force: true }],
])('%s …%s names the unknown field of %j', async (method, path, body) => {
  const answer = await server.askAsOwner(PATH + path, { method, body });
  expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
  expect(Object.keys(body)).toContain(answer.body.details[0].field);
});

test.each([
  { url: '' },
  { url: 7 },
  {},
  { url: 'https://example.com', events: ['Login'] },
  { url: 'https://example.com', events: ['a b'] },
  { url: 'https://example.com', events: 'login_success' },
])('an endpoint as %j is refused', async (body) => {
  expect((await server.askAsOwner(PATH, { body })).status).toBe(400);
});

// T-070
test.each([
  ['GET', ''],
  ['PATCH', ''],
  ['DELETE', ''],
  ['POST', '/rotate-secret'],
  ['POST', '/test'],
  ['GET', '/deliveries'],
  ['POST', '/replay'],
  ['POST', `/deliveries/${ABSENT}/redeliver`],
])('%s …%s of an absent endpoint, and of one of another client, is one answer', async (method, rest) => {
  const { id } = await create();
  const body = method === 'GET' || method === 'DELETE' ? {} : { body: rest === '/replay' ? { from_seq: 0 } : {} };
  const absent = await server.askAsOwner(`${PATH}/${ABSENT}${rest}`, { method, ...body });
  const other = `/api/admin/clients/other/webhooks/${id}${rest}`;
  const { database, clock, newId } = server.house.ground;
  const { createClient } = await import('../../tenancy/clients/index.ts');
  await database
    .write((tx) => createClient({ clock, newId, tx }, { id: 'other', slug: 'other', name: 'Other' }))
    .catch(() => undefined);
  const foreign = await server.askAsOwner(other, { method, ...body });
  expect([foreign.status, foreign.body.error]).toEqual([404, 'webhook_endpoint_not_found']);
  expect([absent.status, absent.body.error]).toEqual([404, 'webhook_endpoint_not_found']);
  await server.askAsOwner(`${PATH}/${id}`, { method: 'DELETE' });
});

test('nobody without an administrator’s key or token gets in', async () => {
  expect((await server.ask(PATH)).status).toBe(401);
  expect((await server.ask(PATH, { headers: { 'x-admin-key': 'wrong' } })).status).toBe(401);
});

// R002, R343
test("the client's webhook_url is an endpoint that is changed there only", async () => {
  const set = (url: string | null) =>
    server.askAsOwner('/api/admin/clients/default', { method: 'PATCH', body: { webhook_url: url } });
  await set(receiver.url);
  const find = async () =>
    (await server.askAsOwner(PATH)).body.items.filter((one: { source: string }) => one.source === 'client');
  const [{ id }] = await find();
  for (const [method, path, body] of [
    ['PATCH', '', { url: 'https://example.com' }],
    ['DELETE', '', undefined],
    ['POST', '/rotate-secret', {}],
  ] as const) {
    const answer = await server.askAsOwner(`${PATH}/${id}${path}`, { method, ...(body && { body }) });
    expect(answer).toMatchObject({ status: 409, body: { error: 'webhook_endpoint_managed' } });
  }
  await set(`${receiver.url}/two`);
  expect(await find()).toMatchObject([{ id, url: `${receiver.url}/two` }]);
  await set(null);
  expect(await find()).toEqual([]);
});

test.each([-1, 1.5, 2 ** 53, 2 ** 62, 1e300])('a replay cannot begin at %d', async (from_seq) => {
  const { id } = await create();
  const answer = await server.askAsOwner(`${PATH}/${id}/replay`, { body: { from_seq } });
  expect([answer.status, answer.body.details?.[0]?.field]).toEqual([400, 'from_seq']);
});
