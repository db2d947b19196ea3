import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../../../test/kit/test-server.ts';
import { type Receiver, startReceiver } from '../../../test/kit/webhook-receiver.ts';

const SECOND = 1000;
const HOUR = 3_600_000;
let server: TestServer;
let receiver: Receiver;
let client: string;
let path: string;
let endpoint: string;

beforeAll(async () => {
  const settings = {
    'webhooks.allowedNetworks': '127.0.0.1',
    'webhooks.allowedPorts': 'any',
    'webhooks.signingSecret': 'the signing secret of tests, long enough',
  };
  server = await startTestServer({ settings });
});
afterAll(() => server.close());
beforeEach(async () => {
  receiver = await startReceiver();
  client = (await server.askAsOwner('/api/admin/clients', { body: { name: 'Hooked' } })).body.client.id;
  path = `/api/admin/clients/${client}/webhooks`;
  endpoint = await add(receiver, ['user_created']);
});
afterEach(() => receiver.close());

const add = async ({ url }: Receiver, events: string[]): Promise<string> =>
  (await server.askAsOwner(path, { body: { url, events } })).body.id;
const deliveries = async () => (await server.askAsOwner(`${path}/${endpoint}/deliveries`)).body.items;
const changeClient = (body: object) => server.askAsOwner(`/api/admin/clients/${client}`, { method: 'PATCH', body });

let users = 0;
const happen = () =>
  server.askAsOwner(`/api/admin/clients/${client}/users`, { body: { email: `person-${++users}@example.com` } });

/** Seals what happened and sends what is due. */
async function settle(): Promise<void> {
  await server.house.sealer.seal();
  await server.house.eventsOut.webhooks.drain();
}

function answerWith(status: number, retryAfter: string): void {
  receiver.answerWith((_arrival, response) => response.writeHead(status, { 'retry-after': retryAfter }).end());
}

/** How many arrive when that much time has passed. */
async function arrivedAfter(ms: number): Promise<number> {
  server.clock.advance(ms);
  await settle();
  return receiver.arrivals.length;
}

describe('a client that is switched off', () => {
  test('is sent nothing; switched on again it gets what waited, and what happened meanwhile', async () => {
    await happen();
    await changeClient({ status: 'disabled' });
    await happen();
    await settle();
    expect(await arrivedAfter(HOUR)).toBe(0);
    expect((await deliveries()).map((one: { status: string }) => one.status)).toEqual(['pending', 'pending']);
    await changeClient({ status: 'active' });
    await settle();
    expect(receiver.arrivals).toHaveLength(2);
  });

  test('is not sent what is older than 72 hours when it is switched on again', async () => {
    await changeClient({ status: 'disabled' });
    await happen();
    await settle();
    server.clock.advance(71 * HOUR);
    await happen();
    await settle();
    server.clock.advance(HOUR);
    await changeClient({ status: 'active' });
    await settle();
    await settle();
    expect(receiver.arrivals).toHaveLength(1);
    const outcomes = (await deliveries()).map((one: Record<string, unknown>) => [one.status, one.last_error]);
    expect(outcomes).toEqual([
      ['delivered', null],
      ['dead', 'expired'],
    ]);
  });
});

describe('Retry-After', () => {
  test.each([
    ['seconds', 429, () => '120', 120],
    ['a date', 503, (now: number) => new Date(now + 300 * SECOND).toUTCString(), 300],
    ['a day, which is an hour', 429, () => '86400', 3600],
  ])('of %s is heeded by the whole endpoint', async (...[_form, status, text, seconds]) => {
    // A date has whole seconds.
    server.clock.advance(SECOND - (server.clock.now() % SECOND));
    answerWith(status, text(server.clock.now()));
    await happen();
    expect(await arrivedAfter(0)).toBe(1);
    receiver.answerWith(204);
    await happen();
    expect(await arrivedAfter(seconds * SECOND - 1)).toBe(1);
    expect(await arrivedAfter(1)).toBe(3);
  });

  test.each([
    ['seconds of an answer that is not about being busy', 500, '3000'],
    ['nonsense', 429, 'tomorrow'],
    ['a negative number', 503, '-5'],
    ['a date that is over', 503, 'Wed, 01 Jan 2020 00:00:00 GMT'],
    ['none at all', 429, '0'],
  ])('of %s changes nothing about the pauses', async (...[_form, status, text]) => {
    answerWith(status, text);
    await happen();
    expect(await arrivedAfter(0)).toBe(1);
    expect(await arrivedAfter(4 * SECOND)).toBe(1);
    expect(await arrivedAfter(2 * SECOND)).toBe(2);
  });

  test('of one endpoint holds up no other, and not the same one at a new address', async () => {
    answerWith(429, '3000');
    const other = await startReceiver();
    await add(other, ['user_created']);
    await happen();
    await settle();
    expect([receiver.arrivals.length, other.arrivals.length]).toEqual([1, 1]);
    const fresh = await startReceiver();
    await server.askAsOwner(`${path}/${endpoint}`, { method: 'PATCH', body: { url: fresh.url } });
    await happen();
    await settle();
    expect([receiver.arrivals.length, other.arrivals.length, fresh.arrivals.length]).toEqual([1, 2, 1]);
    await other.close();
    await fresh.close();
  });
});

describe('410 Gone', () => {
  const statusOf = async (id: string) => (await server.askAsOwner(`${path}/${id}`)).body.status;

  test('disables the endpoint, once, and says so to the others', async () => {
    const other = await startReceiver();
    await add(other, ['webhook_endpoint_disabled']);
    receiver.answerWith(410);
    for (let i = 0; i < 3; i++) await happen();
    await settle();
    await settle();
    expect(await statusOf(endpoint)).toBe('disabled');
    const told = other.arrivals.map((one) => JSON.parse(one.text));
    expect(told).toMatchObject([
      {
        actor_type: 'system',
        target_id: endpoint,
        metadata: { reason: 'gone', before: { status: 'active' }, after: { status: 'disabled' } },
      },
    ]);
    const before = receiver.arrivals.length;
    await happen();
    expect(await arrivedAfter(HOUR)).toBe(before);
    receiver.answerWith(204);
    await server.askAsOwner(`${path}/${endpoint}`, { method: 'PATCH', body: { status: 'active' } });
    expect(await arrivedAfter(0)).toBe(before + 3);
    await other.close();
  });

  test('ends the webhook_url of a client until it gets another', async () => {
    receiver.answerWith(410);
    await changeClient({ webhook_url: receiver.url });
    await happen();
    await settle();
    const listed = async () =>
      (await server.askAsOwner(path)).body.items.find((one: { source: string }) => one.source === 'client');
    expect((await listed()).status).toBe('disabled');
    const fresh = await startReceiver();
    await changeClient({ webhook_url: fresh.url });
    expect((await listed()).status).toBe('active');
    await happen();
    await settle();
    expect(fresh.arrivals.map((one) => JSON.parse(one.text).type)).toContain('user_created');
    await fresh.close();
  });

  test('as the answer to a test changes nothing', async () => {
    receiver.answerWith(410);
    await server.askAsOwner(`${path}/${endpoint}/test`, { body: {} });
    expect(await statusOf(endpoint)).toBe('active');
  });
});
