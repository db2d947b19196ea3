import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAdministrator, PASSWORD, type Person } from '../../../test/kit/administrators.ts';
import { startTestServer, type TestServer } from '../../../test/kit/test-server.ts';

const QUARTER_MS = 900_000;
const HOME = '198.51.100.7';
let server: TestServer;
let person: Person;

beforeAll(async () => {
  server = await startTestServer({ settings: { 'server.trustedProxies': '127.0.0.1' } });
  person = await createAdministrator(server, 'victim@example.com');
  expect(await login(HOME, PASSWORD)).toBe(200);
});
afterAll(() => server.close());

async function login(ip: string, password: string): Promise<number> {
  const body = { email: person.email, password };
  const answer = await server.ask('/api/admin/auth/login', { body, headers: { 'x-forwarded-for': ip } });
  return answer.status;
}

const counts = (place: string) =>
  server.house.ground.database.read.query
    .selectFrom('guess_counts')
    .selectAll()
    .where('subject', '=', person.id)
    .where('authenticator', '=', 'password')
    .where('place', '=', place)
    .executeTakeFirst();

// T-023
test('five hundred wrong passwords from everywhere do not keep the owner out of where they signed in before', async () => {
  server.clock.advance(QUARTER_MS);
  const seen: number[] = [];
  for (let at = 0; at < 500; at++) seen.push(await login(`203.0.113.${at % 250}`, 'a wrong password'));
  expect(seen.filter((status) => status === 401)).toHaveLength(10);
  for (let turn = 0; turn < 10; turn++) expect(await login(HOME, PASSWORD)).toBe(200);
  expect(await login('203.0.113.1', PASSWORD)).toBe(429);
});

// N-11
test('the owner’s sign-in ends the row of failures and gives strangers no more tries', async () => {
  expect(await counts('')).toMatchObject({ failures: 0, window_failures: 10 });
  expect(await login('203.0.113.2', 'a wrong password')).toBe(429);
});

test('a known network has ten tries of its own, which count in the row as well', async () => {
  server.clock.advance(QUARTER_MS);
  for (let at = 0; at < 10; at++) expect(await login(HOME, 'a wrong password')).toBe(401);
  expect(await login(HOME, PASSWORD)).toBe(429);
  expect(await counts('')).toMatchObject({ failures: 10 });
  expect(await login('203.0.113.3', PASSWORD)).toBe(200);
});

test('a network is known for ninety days', async () => {
  const day = 86_400_000;
  server.clock.advance(QUARTER_MS);
  expect(await login(HOME, PASSWORD)).toBe(200);
  server.clock.advance(91 * day);
  for (let at = 0; at < 10; at++) expect(await login('203.0.113.4', 'a wrong password')).toBe(401);
  expect(await login(HOME, PASSWORD)).toBe(429);
});

// T-024
test('networks are told apart by their /64, not by every address in it', async () => {
  server.clock.advance(QUARTER_MS);
  expect(await login('2001:db8:1:2::1', PASSWORD)).toBe(200);
  expect(await counts('2001:db8:1:2::/64')).toMatchObject({ window_failures: 0 });
  expect(await login('2001:db8:1:2:ffff::9', 'a wrong password')).toBe(401);
  expect(await counts('2001:db8:1:2::/64')).toMatchObject({ window_failures: 1 });
});

test('what nobody touched for ninety days is forgotten, but a shut authenticator stays shut', async () => {
  const { database } = server.house.ground;
  await database.write((tx) =>
    tx.query
      .updateTable('guess_counts')
      .set({ failures: 100 })
      .where('subject', '=', person.id)
      .where('place', '=', '')
      .execute(),
  );
  server.clock.advance(91 * 86_400_000);
  const { createHousekeeping } = await import('../../operations/housekeeping/index.ts');
  await createHousekeeping(server.house.ground).sweep();
  expect(await counts(HOME)).toBeUndefined();
  expect(await counts('')).toMatchObject({ failures: 100 });
  expect(await login(HOME, PASSWORD)).toBe(429);
});
