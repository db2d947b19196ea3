import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { createWorkplace } from '../kit/gatehouse-command.ts';
import { howOften, recordProof } from '../kit/proof.ts';
import { startReceiver } from '../kit/webhook-receiver.ts';

const ADMIN_KEY = 'the break-glass key of this test, long enough';
const CLIENT = '/api/admin/clients/default';
const PATH = `${CLIENT}/webhooks`;
const ROUNDS = howOften({ ci: 3, prove: 30 });
const EACH = 10;
const PAGE = 200;
const POLL_MS = 20;
const DEADLINE_MS = 90_000;
const workplace = createWorkplace();
afterAll(() => workplace.clean());

const environment = {
  AUTH_ISSUER: 'http://localhost:7777',
  ADMIN_API_KEY: ADMIN_KEY,
  ADMIN_API_KEY_PER_MINUTE: '100000',
  WEBHOOK_ALLOWED_NETWORKS: '127.0.0.1',
  WEBHOOK_ALLOWED_PORTS: 'any',
  WEBHOOK_TIMEOUT: '1s',
  RATE_LIMIT_FAILURES_PER_IP: '100000',
};

/** A page of deliveries, or whatever else is answered, with the id of the request. */
interface Told {
  id: string;
  items: { event_id: string }[];
  next_cursor: string | null;
  requestId: string;
}

const ask = async (url: string, body?: object, method = body ? 'POST' : 'GET') => {
  const answer = await fetch(url, {
    method,
    headers: { 'x-admin-key': ADMIN_KEY, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${url} answered ${answer.status}`);
  return { ...((await answer.json()) as Omit<Told, 'requestId'>), requestId: answer.headers.get('x-request-id') ?? '' };
};

/** Every delivery that the server wrote down, page by page. */
async function deliveriesAt(url: string): Promise<string[]> {
  const events: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: Told = await ask(`${url}?limit=${PAGE}${cursor && `&cursor=${cursor}`}`);
    events.push(...page.items.map((one) => one.event_id));
    cursor = page.next_cursor;
  }
  return events;
}

// long: kills, then what was heard and what was written down
test('a server that is killed at any moment loses no event on its way to a receiver', async () => {
  const receiver = await startReceiver();
  onTestFinished(() => receiver.close());
  let server = await workplace.start([], environment);
  const { id } = await ask(server.url + PATH, { url: receiver.url, events: ['client_updated'] });
  const heard = () => new Set(receiver.arrivals.map((one) => JSON.parse(one.text).request_id as string));
  const acts: string[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    for (let i = 0; i < EACH; i++) {
      acts.push((await ask(server.url + CLIENT, { name: `Name ${acts.length}` }, 'PATCH')).requestId);
    }
    // Killed right after the answers: the acts are committed, most of them neither sealed nor sent.
    await server.end('SIGKILL');
    server = await workplace.start([], environment);
  }
  const missing = () => acts.filter((act) => !heard().has(act));
  const deadline = performance.now() + DEADLINE_MS;
  while (missing().length > 0 && performance.now() < deadline) await delay(POLL_MS);
  const violations = missing().map((act) => `I9 nobody was told of the act with request id ${act}`);
  const events = await deliveriesAt(`${server.url + PATH}/${id}/deliveries`);
  const twice = events.length - new Set(events).size;
  if (twice > 0) violations.push(`I9 ${twice} deliveries were written down twice`);
  if (events.length < acts.length) violations.push(`I9 ${events.length} deliveries came of ${acts.length} acts`);
  recordProof({
    id: 'kill-webhooks-sqlite',
    chapter: 'Kills',
    act: 'Acts of an administrator are answered and the server is killed with SIGKILL at once; each must reach the webhook receiver',
    rows: ['I9'],
    times: ROUNDS,
    of: 'kills',
    violations,
    figures: { 'acts answered and told': acts.length - missing().length },
  });
  expect(violations).toEqual([]);
  await server.end('SIGTERM');
});
