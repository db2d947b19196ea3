import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createRunningClock } from '../../../test/kit/running-clock.ts';
import { startTestServer, type TestServer } from '../../../test/kit/test-server.ts';
import { type Arrival, type Receiver, startReceiver } from '../../../test/kit/webhook-receiver.ts';
import { countPendingDeliveries } from './index.ts';

const PATH = '/api/admin/clients/default/webhooks';
const HOUR = 3_600_000;
const SIGNING_SECRET = 'the signing secret of tests, long enough';
let server: TestServer;
let receiver: Receiver;
let endpoint: { id: string; secret: string };

beforeAll(async () => {
  const settings = {
    'webhooks.allowedNetworks': '127.0.0.1',
    'webhooks.allowedPorts': 'any',
    'webhooks.concurrency': '1',
    'webhooks.signingSecret': SIGNING_SECRET,
  };
  // The independent verifier reads the machine's own clock.
  server = await startTestServer({ settings, clock: createRunningClock() });
});
afterAll(() => server.close());
beforeEach(async () => {
  receiver = await startReceiver();
  endpoint = await add(receiver, ['login_success']);
});
afterEach(async () => {
  await server.askAsOwner(`${PATH}/${endpoint.id}`, { method: 'DELETE' });
  await receiver.close();
});

const add = async ({ url }: Receiver, events: string[] = []) =>
  (await server.askAsOwner(PATH, { body: { url, events } })).body;
const ask = (path: string, body?: object) => server.askAsOwner(`${PATH}/${endpoint.id}${path}`, body ? { body } : {});

/** Seals what happened and sends what is due. */
async function settle(): Promise<void> {
  await server.house.sealer.seal();
  await server.house.eventsOut.webhooks.drain();
}

const typesOf = (arrivals: readonly Arrival[]) => arrivals.map((one) => JSON.parse(one.text).type);
const usersOf = (arrivals: readonly Arrival[]) => arrivals.map((one) => JSON.parse(one.text).user_id);
const deliveries = async (query = '') => (await ask(`/deliveries${query}`)).body.items;
const headersOf = ({ headers }: Arrival) => headers as Record<string, string>;

test('an event arrives as JSON, signed so that an independent verifier takes it', async () => {
  const { body } = await server.signIn('ada@example.com');
  await settle();
  const [arrival] = receiver.arrivals as [Arrival];
  expect(receiver.arrivals).toHaveLength(1);
  expect(arrival).toMatchObject({ method: 'POST', path: '/hook' });
  expect(arrival.headers['content-type']).toBe('application/json');
  const event = new Webhook(endpoint.secret).verify(arrival.text, headersOf(arrival)) as Record<string, unknown>;
  expect(event).toMatchObject({ type: 'login_success', client_id: 'default', user_id: body.user.id });
  expect(Object.keys(event).join(' ')).toBe(
    'type seq id client_id user_id event_type actor_type actor_id target_type target_id request_id ip user_agent metadata created_at retention_until',
  );
  expect(arrival.headers['webhook-id']).toBe(event.id);
});

// R333, R334
test('the X-Gatehouse headers prove the same to whoever recomputes them', async () => {
  await server.signIn();
  await settle();
  const [arrival] = receiver.arrivals as [Arrival];
  const timestamp = String(arrival.headers['x-gatehouse-timestamp']);
  const key = Buffer.from(endpoint.secret.slice('whsec_'.length), 'base64');
  const hex = createHmac('sha256', key).update(`${timestamp}.${arrival.text}`).digest('hex');
  const [row] = await deliveries();
  expect(arrival.headers).toMatchObject({
    'x-gatehouse-event': 'audit.event',
    'x-gatehouse-delivery': row.id,
    'x-gatehouse-signature': `v1=${hex}`,
  });
});

test('only what the filter names arrives, and nothing from before the endpoint', async () => {
  await server.signIn();
  await settle();
  expect(typesOf(receiver.arrivals)).toEqual(['login_success']);
  const late = await startReceiver();
  const all = await add(late);
  await server.signIn();
  await settle();
  const types = typesOf(late.arrivals);
  expect(types.length).toBeGreaterThan(1);
  expect(types.filter((type) => type === 'login_success')).toHaveLength(1);
  await server.askAsOwner(`${PATH}/${all.id}`, { method: 'DELETE' });
  await late.close();
});

test('a receiver that was down gets everything in order once it is back, one delivery each', async () => {
  receiver.answerWith(503);
  const users: string[] = [];
  for (let i = 0; i < 6; i++) users.push((await server.signIn(`down-${i}@example.com`)).body.user.id);
  await settle();
  expect(receiver.arrivals.length).toBeGreaterThan(0);
  expect((await deliveries('?status=pending')).length).toBe(6);
  expect((await ask('')).body.failures).toBeGreaterThan(0);
  const before = receiver.arrivals.length;
  receiver.answerWith(204);
  server.clock.advance(HOUR);
  await settle();
  expect(usersOf(receiver.arrivals.slice(before))).toEqual(users);
  const rows = await deliveries('?status=delivered');
  expect(rows).toHaveLength(6);
  expect(new Set(rows.map((row: { seq: number }) => row.seq)).size).toBe(6);
  expect((await ask('')).body.failures).toBe(0);
});

test('an endpoint that is down is probed with one delivery, not with all of them', async () => {
  receiver.answerWith(500);
  for (let i = 0; i < 8; i++) await server.signIn(`probe-${i}@example.com`);
  await settle();
  const first = receiver.arrivals.length;
  expect(first).toBe(3);
  server.clock.advance(6_000);
  await settle();
  expect(receiver.arrivals).toHaveLength(first + 1);
});

test('an event that the receiver chokes on does not keep the others back', async () => {
  const poison = (await server.signIn('poison@example.com')).body.user.id;
  receiver.answerWith((arrival, response) => {
    response.writeHead(arrival.text.includes(poison) ? 500 : 204).end();
  });
  const other = (await server.signIn('other@example.com')).body.user.id;
  await settle();
  expect(usersOf(receiver.arrivals)).toEqual([poison, other]);
  expect(await deliveries('?status=delivered')).toMatchObject([{ attempts: 1, last_status: 204 }]);
  expect(await deliveries('?status=pending')).toMatchObject([{ attempts: 1, last_error: 'http_500' }]);
});

test('after 72 hours a delivery is a dead letter, which the other endpoints of the client learn', async () => {
  receiver.answerWith(500);
  const other = await startReceiver();
  const witness = await add(other, ['webhook_delivery_dead']);
  await server.signIn();
  for (let hours = 0; hours < 71; hours++) {
    await settle();
    server.clock.advance(HOUR);
  }
  await settle();
  const [waiting] = await deliveries();
  expect(waiting).toMatchObject({ status: 'pending', last_error: 'http_500' });
  expect(waiting.attempts).toBeGreaterThan(15);
  server.clock.advance(2 * HOUR);
  await settle();
  expect(await deliveries()).toMatchObject([{ status: 'dead', next_attempt_at: null, last_status: 500 }]);
  await settle();
  expect(other.arrivals.map((one) => JSON.parse(one.text))).toMatchObject([
    { type: 'webhook_delivery_dead', target_type: 'webhook_endpoint', target_id: endpoint.id },
  ]);
  const before = receiver.arrivals.length;
  await settle();
  expect(receiver.arrivals).toHaveLength(before);
  await server.askAsOwner(`${PATH}/${witness.id}`, { method: 'DELETE' });
  await other.close();
});

test('what waits behind a receiver that is down for too long is given up without an attempt for each', async () => {
  receiver.answerWith(500);
  for (let i = 0; i < 8; i++) await server.signIn(`behind-${i}@example.com`);
  await settle();
  server.clock.advance(73 * HOUR);
  await settle();
  expect(await deliveries('?status=dead')).toHaveLength(8);
  expect(receiver.arrivals.length).toBeLessThan(8);
  expect((await deliveries('?status=dead')).map((row: { last_error: string }) => row.last_error)).toContain(
    'endpoint_down',
  );
});

test('a dead letter is sent again on demand', async () => {
  receiver.answerWith(500);
  await server.signIn();
  await settle();
  server.clock.advance(73 * HOUR);
  await settle();
  receiver.answerWith(204);
  const [dead] = await deliveries('?status=dead');
  const answer = await ask(`/deliveries/${dead.id}/redeliver`, {});
  expect(answer).toMatchObject({ status: 202, body: { id: dead.id, status: 'pending', attempts: 0 } });
  await settle();
  expect(await deliveries()).toMatchObject([{ id: dead.id, status: 'delivered' }]);
  expect((await ask('/deliveries/01234567-89ab-7000-8000-0123456789ab/redeliver', {})).body.error).toBe(
    'webhook_delivery_not_found',
  );
});

test('a replay sends again from a place, or from a time on, with the same ids', async () => {
  await server.signIn('first@example.com');
  await settle();
  server.clock.advance(3 * HOUR);
  const since = new Date(server.clock.now()).toISOString();
  await server.signIn('second@example.com');
  await settle();
  const [first, second] = receiver.arrivals as [Arrival, Arrival];
  const place = JSON.parse(first.text).seq;
  expect(await ask('/replay', { from_seq: place })).toMatchObject({ status: 202, body: { from_seq: place } });
  await settle();
  expect(receiver.arrivals.slice(2).map((one) => one.text)).toEqual([first.text, second.text]);
  expect(receiver.arrivals[2]?.headers['webhook-id']).toBe(first.headers['webhook-id']);
  await ask('/replay', { from_time: since });
  await settle();
  expect(receiver.arrivals.slice(4).map((one) => one.text)).toEqual([second.text]);
  expect(await deliveries()).toHaveLength(2);
});

test.each([{}, { from_seq: 1, from_time: '2026-01-01T00:00:00Z' }, { from_time: 'yesterday' }, { from_seq: -1 }])(
  'a replay from %j is refused',
  async (body) => {
    expect((await ask('/replay', body)).status).toBe(400);
  },
);

test('while secrets overlap both sign; after that, or at once, only the new one', async () => {
  const signersOf = ({ headers, text }: Arrival, secrets: string[]) => {
    const found = String(headers['webhook-signature']).split(' ');
    const sentAt = new Date(Number(headers['webhook-timestamp']) * 1000);
    return found.map((one) =>
      secrets.findIndex((secret) => new Webhook(secret).sign(String(headers['webhook-id']), sentAt, text) === one),
    );
  };
  const rotate = async (body: object) => (await ask('/rotate-secret', body)).body.secret;
  const secrets = [endpoint.secret, await rotate({ overlap_seconds: 3600 })];
  const send = async () => {
    await server.signIn();
    await settle();
    return receiver.arrivals.at(-1) as Arrival;
  };
  const both = await send();
  expect(signersOf(both, secrets)).toEqual([1, 0]);
  expect(String(both.headers['x-gatehouse-signature'])).toMatch(/^v1=[0-9a-f]{64},v1=[0-9a-f]{64}$/);
  server.clock.advance(3_600_001);
  expect(signersOf(await send(), secrets)).toEqual([1]);
  secrets.push(await rotate({ immediate: true }));
  expect(signersOf(await send(), secrets)).toEqual([2]);
});

test('a disabled endpoint is sent nothing; enabled again it goes on from there', async () => {
  const change = (status: string) => server.askAsOwner(`${PATH}/${endpoint.id}`, { method: 'PATCH', body: { status } });
  await change('disabled');
  await server.signIn('quiet@example.com');
  await settle();
  await change('active');
  const { body } = await server.signIn('loud@example.com');
  await settle();
  expect(usersOf(receiver.arrivals)).toEqual([body.user.id]);
});

test('of the events of several clients those of its own arrive, once and in order', async () => {
  const { database, announce } = server.house.ground;
  const request = { requestId: 'r', ip: '203.0.113.7', userAgent: 'test' };
  // More than are looked at in one go.
  const events = Array.from({ length: 450 }, (_, i) => ({
    clientId: i % 15 === 7 ? 'default' : `client-${i % 4}`,
    userId: `user-${i}`,
  }));
  const target = { type: 'session', id: 's' };
  for (const event of events)
    await database.write((tx) => announce(tx, { name: 'login_success', ...event, target, request }));
  await settle();
  const own = events.filter(({ clientId }) => clientId === 'default');
  expect(usersOf(receiver.arrivals)).toEqual(own.map(({ userId }) => userId));
});

// R343, R344
test('with a signing secret every event of a client goes to its webhook_url', async () => {
  const set = (url: string | null) =>
    server.askAsOwner('/api/admin/clients/default', { method: 'PATCH', body: { webhook_url: url } });
  const own = await startReceiver();
  await set(own.url);
  await server.signIn();
  await settle();
  expect(typesOf(own.arrivals)).toContain('login_success');
  const [{ text, headers }] = own.arrivals as [Arrival];
  const hex = createHmac('sha256', SIGNING_SECRET).update(`${headers['x-gatehouse-timestamp']}.${text}`).digest('hex');
  expect(headers['x-gatehouse-signature']).toBe(`v1=${hex}`);
  await set(null);
  await own.close();
});

test('what waits is counted', async () => {
  receiver.answerWith(500);
  await server.signIn();
  await settle();
  expect(await countPendingDeliveries(server.house.ground.database.read)).toBe(1);
});

test('the list of deliveries is paged and filtered', async () => {
  for (let i = 0; i < 3; i++) await server.signIn(`page-${i}@example.com`);
  await settle();
  const first = (await ask('/deliveries?limit=2')).body;
  const second = (await ask(`/deliveries?limit=2&cursor=${first.next_cursor}`)).body;
  expect([first.items.length, second.items.length, second.next_cursor]).toEqual([2, 1, null]);
  expect((await ask('/deliveries?status=lost')).status).toBe(400);
});
