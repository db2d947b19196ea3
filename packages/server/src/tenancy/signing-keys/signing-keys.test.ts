import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../../../test/kit/test-server.ts';
import { createSigningKeys, listSigningKeys, rotateSigningKeys } from './index.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const SOON = 6_000;
const published = async () => (await server.ask('/jwks')).body.keys as Record<string, string>[];
const rotate = () => rotateSigningKeys({ ...server.house.ground, longestTokenTtlMs: 900_000 });

// R033, O-243
test('the set holds CURRENT and STANDBY, and nothing of their private halves', async () => {
  const keys = await published();
  expect(keys).toHaveLength(2);
  for (const key of keys) {
    expect(key).toMatchObject({ use: 'sig', alg: 'ES256', kty: 'EC', crv: 'P-256' });
    for (const member of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']) expect(key).not.toHaveProperty(member);
  }
});

test('both addresses answer the same set, cacheable, with an ETag that is honoured', async () => {
  const [one, two] = [await server.ask('/jwks'), await server.ask('/.well-known/jwks.json')];
  expect(one.text).toBe(two.text);
  expect(one.headers.get('cache-control')).toBe('public, max-age=300');
  const again = await server.ask('/jwks', { headers: { 'if-none-match': one.headers.get('etag') ?? '' } });
  expect(again.status).toBe(304);
});

//
test('the set that is at hand is answered header for header as the router would have', async () => {
  await server.ask('/jwks');
  expect(server.house.rooms.signingKeys.publishedNow()).not.toBeNull();
  const [bare, routed] = [await server.ask('/jwks'), await server.ask('/jwks?unknown=1')];
  const told = ({ headers }: typeof bare) =>
    [...headers].filter(([name]) => !['date', 'x-request-id'].includes(name)).sort();
  expect(told(bare)).toEqual(told(routed));
  expect(bare.text).toBe(routed.text);
  expect(bare.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
});

// R034, D6, T-011
test('a rotation promotes the key that every verifier holds already, and tokens of the old one stay good', async () => {
  const before = await published();
  const { access_token } = (await server.signIn()).body;
  await rotate();
  server.clock.advance(SOON);
  const after = await published();
  expect(after[0]?.kid).toBe(before[1]?.kid);
  expect(after.map((key) => key.kid)).toContain(before[0]?.kid);
  expect((await server.ask('/me', { token: access_token })).status).toBe(200);
  const fresh = (await server.signIn()).body.access_token;
  const { kid } = JSON.parse(Buffer.from(fresh.split('.')[0], 'base64url').toString());
  expect(kid).toBe(before[1]?.kid);
});

test('a retired key leaves the set once its last token has expired', async () => {
  const retired = (await listSigningKeys(server.house.ground.database)).filter((key) => key.slot === 'RETIRED');
  server.clock.advance(30 * 60_000);
  await rotate();
  server.clock.advance(SOON);
  const kids = (await published()).map((key) => key.kid);
  for (const key of retired) expect(kids).not.toContain(key.kid);
});

//
test('private keys are sealed in the database', async () => {
  const rows = await server.house.ground.database.read.query
    .selectFrom('signing_keys')
    .select('private_sealed')
    .execute();
  expect(JSON.stringify(rows)).not.toContain('PRIVATE KEY');
});

// T-089
test('a storm of unknown keys asks the database once a second at the most', async () => {
  const { clock, database, vault } = server.house.ground;
  let reads = 0;
  const counted = { ...database };
  Object.defineProperty(counted, 'read', {
    get() {
      reads++;
      return database.read;
    },
  });
  const keys = createSigningKeys({ clock, database: counted, vault });
  await keys.current();
  server.clock.advance(1_000);
  const found = await Promise.all(Array.from({ length: 1000 }, (_, i) => keys.find(`unknown-${i}`)));
  expect(found.every((key) => key === null)).toBe(true);
  expect(reads).toBe(2);
});
