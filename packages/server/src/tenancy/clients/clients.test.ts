import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../../../test/kit/test-server.ts';
import { addOrigin, createClient, deleteOrigin, listOrigins, normaliseOrigin, updateOrigin } from './index.ts';

let server: TestServer;
let other: { client: { id: string }; apiKey: string; clientSecret: string };
const ABSENT = '01234567-89ab-7000-8000-0123456789ab';

beforeAll(async () => {
  server = await startTestServer({ settings: { 'server.allowOrigin': 'https://everybody.example.com' } });
  const { ground } = server.house;
  other = await ground.database.write((tx) => createClient({ ...ground, tx }, { slug: 'other', name: 'Other' }));
});
afterAll(() => server.close());

async function signInAt(headers: Record<string, string>, email = 'shared@example.com') {
  await server.ask('/api/auth/email-code/send', { body: { email }, headers });
  const body = { email, code: await server.codeFor(email), token_transport: 'json' };
  server.clock.advance(1);
  return server.ask('/api/auth/email-code/verify', { body, headers });
}

// D2, D3
test('an API key names its client, whose users are its own', async () => {
  const mine = (await signInAt({})).body;
  const theirs = (await signInAt({ 'x-api-key': other.apiKey })).body;
  expect(theirs.user.email).toBe(mine.user.email);
  expect(theirs.user.id).not.toBe(mine.user.id);
  const claims = JSON.parse(Buffer.from(theirs.access_token.split('.')[1], 'base64url').toString());
  expect(claims).toMatchObject({ client_id: other.client.id, aud: other.client.id });
});

// D2
test('a client is named by client_id too, and by an origin only it allows', async () => {
  const { ground } = server.house;
  await addOrigin(ground, { clientId: other.client.id, origin: 'https://other.example.com' });
  const start = (path: string, headers = {}) => server.ask(path, { body: { email: 'named@example.com' }, headers });
  await start(`/api/auth/email-code/send?client_id=${other.client.id}`);
  await start('/api/auth/email-code/send', { origin: 'https://other.example.com' });
  const rows = await ground.database.read.query
    .selectFrom('audit_events')
    .select('client_id')
    .where('metadata', 'like', '%named@example.com%')
    .execute();
  expect(rows.map((row) => row.client_id)).toEqual([other.client.id, other.client.id]);
});

// D2, T-070
test('a page that the configuration lets call for every client is taken over by none that lists it too', async () => {
  const { ground } = server.house;
  const origin = 'https://everybody.example.com';
  await addOrigin(ground, { clientId: other.client.id, origin });
  const claims = JSON.parse(
    Buffer.from((await signInAt({ origin })).body.access_token.split('.')[1], 'base64url').toString(),
  );
  expect(claims.client_id).toBe('default');
});

// D3
test.each([
  ['nonsense', 'nonsense'],
  ['a key that never was', `gh_pk_${ABSENT}.${'x'.repeat(43)}`],
])('%s as an API key is refused', async (_title, key) => {
  const answer = await server.ask('/api/auth/email-code/send', {
    body: { email: 'a@example.com' },
    headers: { 'x-api-key': key },
  });
  expect(answer.body.error).toBe('invalid_api_key');
});

// D3
test('a client secret is no API key', async () => {
  const headers = { 'x-api-key': other.clientSecret };
  const answer = await server.ask('/api/auth/email-code/send', { body: { email: 'a@example.com' }, headers });
  expect(answer.body.error).toBe('invalid_api_key');
});

test('an unknown client_id is refused', async () => {
  const answer = await server.ask(`/api/auth/email-code/send?client_id=${ABSENT}`, {
    body: { email: 'a@example.com' },
  });
  expect(answer.body.error).toBe('invalid_client');
});

// R003, T-071
test('a token of one client is refused where another is named, and on the direct paths', async () => {
  const theirs = (await signInAt({ 'x-api-key': other.apiKey }, 'token@example.com')).body.access_token;
  expect((await server.ask('/api/auth/me', { token: theirs })).status).toBe(200);
  expect((await server.ask('/api/auth/me?client_id=default', { token: theirs })).status).toBe(401);
  expect((await server.ask('/me', { token: theirs })).status).toBe(401);
});

// R004, O-087
test('a refresh token of one client is refused at another and stays good at its own', async () => {
  const { refresh_token } = (await signInAt({ 'x-api-key': other.apiKey }, 'bound@example.com')).body;
  const wrong = await server.ask('/api/auth/refresh', { body: { refresh_token } });
  expect(wrong.body.error).toBe('invalid_refresh_token');
  const right = await server.ask('/api/auth/refresh', {
    body: { refresh_token },
    headers: { 'x-api-key': other.apiKey },
  });
  expect(right.status).toBe(200);
});

// O-089
test('a client that is switched off refuses within a second', async () => {
  const { database } = server.house.ground;
  const { access_token } = (await signInAt({ 'x-api-key': other.apiKey }, 'off@example.com')).body;
  const setStatus = (status: 'active' | 'disabled') =>
    database.write((tx) => tx.query.updateTable('clients').set({ status }).where('id', '=', other.client.id).execute());
  await setStatus('disabled');
  server.clock.advance(1000);
  expect((await server.ask('/api/auth/me', { token: access_token })).body.error).toBe('client_disabled');
  const send = await server.ask('/api/auth/email-code/send', {
    body: { email: 'a@example.com' },
    headers: { 'x-api-key': other.apiKey },
  });
  expect(send.body.error).toBe('client_disabled');
  await setStatus('active');
  server.clock.advance(1000);
});

//
test('keys are kept as hashes', async () => {
  const rows = await server.house.ground.database.read.query.selectFrom('client_keys').selectAll().execute();
  expect(JSON.stringify(rows)).not.toContain(other.apiKey.split('.')[1]);
});

test('origins are added once, changed and removed, each only for its own client', async () => {
  const { ground } = server.house;
  const { database } = ground;
  const added = await addOrigin(ground, { clientId: 'default', origin: 'https://a.example.com' });
  expect(await addOrigin(ground, { clientId: 'default', origin: 'https://a.example.com' })).toEqual(added);
  const at = { id: added.id, origin: 'https://b.example.com' };
  expect(await updateOrigin(ground, { ...at, clientId: other.client.id })).toBe(false);
  expect(await updateOrigin(ground, { ...at, clientId: 'default' })).toBe(true);
  expect(await deleteOrigin(ground, { id: added.id, clientId: other.client.id })).toBe(false);
  expect((await listOrigins(database, 'default')).map((one) => one.origin)).toEqual(['https://b.example.com']);
  expect(await deleteOrigin(ground, { id: added.id, clientId: 'default' })).toBe(true);
});

test.each([
  ['https://App.Example.com/', 'https://app.example.com'],
  ['https://app.example.com:443', 'https://app.example.com'],
  ['http://localhost:5173', 'http://localhost:5173'],
  ['https://app.example.com/path', null],
  ['https://app.example.com?x', null],
  ['https://app.example.com#x', null],
  ['https://user@app.example.com', null],
  ['ftp://app.example.com', null],
  ['null', null],
  ['', null],
])('the origin %j is written %j', (text, origin) => {
  expect(normaliseOrigin(text)).toBe(origin);
});

test.each(['{', '[]', '{"unknown":1}', '{"access_token_ttl_seconds":1}'])(
  'stored settings %j stop the client',
  async (json) => {
    const { readSettings } = await import('./index.ts');
    expect(() => readSettings(json)).toThrow();
  },
);

// D20
test('what an operator does to origins is written down', async () => {
  const { ground } = server.house;
  const { id } = await addOrigin(ground, { clientId: 'default', origin: 'https://audit.example.com' });
  await deleteOrigin(ground, { id, clientId: 'default' });
  const rows = await ground.database.read.query
    .selectFrom('audit_events')
    .select(['event_type', 'actor_type'])
    .where('target_id', '=', id)
    .orderBy('id')
    .execute();
  expect(rows).toEqual([
    { event_type: 'origin_added', actor_type: 'operator' },
    { event_type: 'origin_deleted', actor_type: 'operator' },
  ]);
});
