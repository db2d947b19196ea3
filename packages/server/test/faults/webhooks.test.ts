import { afterAll, expect, test } from 'vitest';
import { createWorkplace } from '../kit/gatehouse-command.ts';
import { howOften, recordProof } from '../kit/proof.ts';
import { startReceiver } from '../kit/webhook-receiver.ts';

const ADMIN_KEY = 'the break-glass key of this test, long enough';
const CLIENT = '/api/admin/clients/default';
const PATH = `${CLIENT}/webhooks`;
const ROUNDS = howOften({ ci: 3, prove: 30 });
const EACH = 10;
const PAGE = 200;
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

const ask = async (url: string, body?: object, method = body ? 'POST' : 'GET') => {
  const answer = await fetch(url, {
    method,
    headers: { 'x-admin-key': ADMIN_KEY, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${url} answered ${answer.status}`);
  return answer.json() as Promise<{ id: string; items: { event_id: string }[] }>;
};

test('a server that is killed at any moment loses no event on its way to a receiver', async () => {
  const receiver = await startReceiver();
  let server = await workplace.start([], environment);
  const { id } = await ask(server.url + PATH, { url: receiver.url, events: ['client_updated'] });
  const heard = () => new Set(receiver.arrivals.map((one) => JSON.parse(one.text).request_id as string));
  let acts = 0;
  for (let round = 0; round < ROUNDS; round++) {
    for (let i = 0; i < EACH; i++) {
      await ask(server.url + CLIENT, { name: `Name ${acts}` }, 'PATCH');
      acts++;
    }
    // Killed right after the answers: the acts are committed, most of them neither sealed nor sent.
    await server.end('SIGKILL');
    server = await workplace.start([], environment);
  }
  while (heard().size < acts) await receiver.arrived(receiver.arrivals.length + 1);
  const { items } = await ask(`${server.url + PATH}/${id}/deliveries?limit=${PAGE}`);
  const twice = items.length - new Set(items.map((one) => one.event_id)).size;
  recordProof({
    id: 'kill-webhooks-sqlite',
    chapter: 'Kills',
    act: 'Acts of an administrator are answered and the server is killed with SIGKILL at once; each must reach the webhook receiver',
    rows: ['I9'],
    times: ROUNDS,
    of: 'kills',
    violations: twice === 0 ? [] : [`${twice} deliveries written down twice`],
    figures: { 'acts answered and told': acts },
  });
  expect(twice).toBe(0);
  expect(items.length).toBeGreaterThanOrEqual(Math.min(acts, PAGE));
  await server.end('SIGTERM');
  await receiver.close();
});
