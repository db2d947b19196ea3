import { createHmac, createPublicKey } from 'node:crypto';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createAdministrator } from '../../../test/kit/administrators.ts';
import { startTestServer, type TestServer } from '../../../test/kit/test-server.ts';

let server: TestServer;
/** The client of this test. */
let own: { client: { id: string }; api_key: string; client_secret: string; jwt_secret?: string };
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const BASE = '/api/admin/clients';
/** Longer than a new key is published before it signs. */
const KNOWN_MS = 311_000;
const DAY_MS = 86_400_000;

beforeEach(async () => {
  own = (await server.askAsOwner(BASE, { body: { name: 'Rotating' } })).body;
});

const rotate = (what: string, body: unknown = {}) =>
  server.askAsOwner(`${BASE}/${own.client.id}/${what}`, { method: 'POST', body });
const patch = (body: object) => server.askAsOwner(`${BASE}/${own.client.id}`, { method: 'PATCH', body });
const send = (key: string) =>
  server.ask('/api/auth/email-code/send', { body: { email: 'key@example.com' }, headers: { 'x-api-key': key } });
const keysOf = async (query = '') => (await server.ask(`/jwks${query}`)).body.keys as Record<string, string>[];
const mine = () => `?client_id=${own.client.id}`;
const headerOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString());
const works = async (token: string) => (await server.ask('/api/auth/me', { token })).status === 200;

async function signIn(email = 'rotate@example.com'): Promise<string> {
  const headers = { 'x-api-key': own.api_key };
  server.clock.advance(1);
  await server.ask('/api/auth/email-code/send', { body: { email }, headers });
  const body = { email, code: await server.codeFor(email), token_transport: 'json' };
  const answer = await server.ask('/api/auth/email-code/verify', { body, headers });
  return answer.body.access_token;
}

// R024, R026
test.each(['rotate-api-key', 'rotate-key'])('%s: the old key works until its overlap ends', async (path) => {
  const { body } = await rotate(path, { overlap_seconds: 60 });
  expect(Date.parse(body.previous_valid_until)).toBe(server.clock.now() + 60_000);
  expect([(await send(own.api_key)).status, (await send(body.api_key)).status]).toEqual([200, 200]);
  server.clock.advance(60_000);
  expect((await send(own.api_key)).body.error).toBe('invalid_api_key');
  expect((await send(body.api_key)).status).toBe(200);
});

test('an API key rotated at once ends at once, and so does one whose overlap was still running', async () => {
  const second = (await rotate('rotate-api-key')).body.api_key;
  const third = (await rotate('rotate-api-key', { immediate: true })).body.api_key;
  for (const key of [own.api_key, second]) expect((await send(key)).body.error).toBe('invalid_api_key');
  expect((await send(third)).status).toBe(200);
});

test('a rotation asked for with no body at all leaves the old key a day', async () => {
  const answer = await server.askAsOwner(`${BASE}/${own.client.id}/rotate-api-key`, { method: 'POST' });
  expect(answer.status).toBe(200);
  expect(Date.parse(answer.body.previous_valid_until)).toBe(server.clock.now() + DAY_MS);
});

// D3
test('a client secret proves its client until its overlap ends, and is never an API key', async () => {
  const { clients } = server.house.rooms;
  const { client_secret: fresh } = (await rotate('rotate-client-secret', { overlap_seconds: 60 })).body;
  for (const secret of [own.client_secret, fresh]) expect((await clients.proven(secret)).id).toBe(own.client.id);
  server.clock.advance(60_000);
  await expect(clients.proven(own.client_secret)).rejects.toThrow();
  await expect(clients.proven(own.api_key)).rejects.toThrow();
  expect((await clients.proven(fresh)).id).toBe(own.client.id);
  expect((await send(fresh)).body.error).toBe('invalid_api_key');
});

test.each([{ overlap: 1 }, { overlap_seconds: -1 }, { overlap_seconds: 2_592_001 }, { immediate: 'yes' }, []])(
  'a rotation with %j is refused and rotates nothing',
  async (body) => {
    for (const what of ['rotate-api-key', 'rotate-client-secret', 'rotate-secret'])
      expect((await rotate(what, body)).status).toBe(400);
    expect((await send(own.api_key)).status).toBe(200);
    expect(await keysOf(mine())).toHaveLength(2);
  },
);

describe('signing keys', () => {
  // D6, R023, R025
  test.each(['rotate-secret', 'rotate-jwt'])('%s: the first one gives a client keys of its own', async (path) => {
    const issuers = await keysOf();
    const before = await signIn();
    const { body } = await rotate(path);
    const after = await keysOf(mine());
    expect(after.map((key) => key.kid)).toContain(body.kid);
    // Nobody can know the new key yet: the issuer's signs until everybody does.
    expect(headerOf(await signIn()).kid).toBe(issuers[0]?.kid);
    server.clock.advance(KNOWN_MS);
    const fresh = await signIn();
    expect(headerOf(fresh).kid).toBe(body.kid);
    expect([await works(before), await works(fresh)]).toEqual([true, true]);
  });

  // D6
  test('immediate ends every token that was signed before, of this client alone', async () => {
    const other = (await server.signIn()).body.access_token;
    const token = await signIn();
    const { body } = await rotate('rotate-secret', { immediate: true });
    expect([await works(token), await works(other)]).toEqual([false, true]);
    const fresh = await signIn();
    expect(headerOf(fresh).kid).toBe(body.kid);
    const again = await rotate('rotate-secret', { immediate: true });
    expect(again.body.previous_kid).toBe(body.kid);
    expect([await works(fresh), await works(await signIn())]).toEqual([false, true]);
    expect((await keysOf(mine())).map((key) => key.kid)).not.toContain(body.kid);
  });

  test('a retired key leaves the set when its overlap is over', async () => {
    await rotate('rotate-secret', { immediate: true });
    const [first] = await keysOf(mine());
    await rotate('rotate-secret', { overlap_seconds: 600 });
    expect((await keysOf(mine())).map((key) => key.kid)).toContain(first?.kid);
    server.clock.advance(600_000);
    expect((await keysOf(mine())).map((key) => key.kid)).not.toContain(first?.kid);
  });

  // T-078
  test('the key of one client signs nothing for another', async () => {
    await rotate('rotate-secret', { immediate: true });
    const { tokens, signingKeys } = server.house.rooms;
    const { kid } = await signingKeys.current(own.client.id);
    expect(await signingKeys.find(kid, own.client.id)).not.toBeNull();
    expect(await signingKeys.find(kid, 'default')).toBeNull();
    expect(await signingKeys.find(kid)).toBeNull();
    const token = await signIn();
    expect(await tokens.verifyAccess(token)).toMatchObject({ client_id: own.client.id });
  });

  // R030
  test.each(['RS256', 'EdDSA', 'ES256'] as const)('a client may have its tokens signed with %s', async (algorithm) => {
    const body = { name: 'Algorithm', settings: { signing_algorithm: algorithm } };
    own = (await server.askAsOwner(BASE, { body })).body;
    const token = await signIn();
    expect(headerOf(token).alg).toBe(algorithm);
    expect(await works(token)).toBe(true);
    const keys = createLocalJWKSet({ keys: (await keysOf(mine())) as never });
    const { payload } = await jwtVerify(token, keys, { currentDate: new Date(server.clock.now()) });
    expect(payload.client_id).toBe(own.client.id);
  });

  test('a client that changes its algorithm gets keys of it, and old tokens stay good', async () => {
    const before = await signIn();
    await patch({ settings: { signing_algorithm: 'EdDSA' } });
    expect(headerOf(await signIn()).alg).toBe('ES256');
    server.clock.advance(KNOWN_MS);
    expect(await works(before)).toBe(true);
    expect(headerOf(await signIn()).alg).toBe('EdDSA');
    expect((await keysOf(mine())).map((key) => key.alg)).toContain('EdDSA');
  });

  // R022
  test('the set is narrowed by client_id or API key, and says what it depends on', async () => {
    await rotate('rotate-secret', { immediate: true });
    const all = await keysOf();
    const narrow = await server.ask('/.well-known/jwks.json', { headers: { 'x-api-key': own.api_key } });
    expect(narrow.body.keys).toEqual(await keysOf(mine()));
    expect(narrow.body.keys).toHaveLength(2);
    expect(all.length).toBeGreaterThan(3);
    expect(narrow.headers.get('vary')).toContain('X-API-Key');
    const etag = narrow.headers.get('etag') ?? '';
    expect((await server.ask(`/jwks${mine()}`, { headers: { 'if-none-match': etag } })).status).toBe(304);
    expect((await server.ask('/jwks', { headers: { 'if-none-match': etag } })).status).toBe(200);
    expect((await server.ask('/jwks?client_id=nobody')).body.error).toBe('invalid_client');
  });
});

describe('the legacy token mode', () => {
  const legacy = async () => {
    own = (await server.askAsOwner(BASE, { body: { name: 'Legacy', token_mode: 'v1_hs256' } })).body;
    return signIn();
  };

  // R030
  test('signs with a secret that is shown once, sealed at rest and published nowhere', async () => {
    const token = await legacy();
    expect(headerOf(token).alg).toBe('HS256');
    expect(await works(token)).toBe(true);
    const { payload } = await jwtVerify(token, Buffer.from(own.jwt_secret ?? ''), {
      currentDate: new Date(server.clock.now()),
    });
    expect(payload.client_id).toBe(own.client.id);
    const kids = [...(await keysOf()), ...(await keysOf(mine()))].map((key) => key.kid);
    expect(kids).not.toContain(headerOf(token).kid);
    const rows = await server.house.ground.database.read.query.selectFrom('signing_keys').selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain(own.jwt_secret);
    const events = await server.house.ground.database.read.query.selectFrom('audit_events').selectAll().execute();
    expect(JSON.stringify(events)).not.toContain(own.jwt_secret);
  });

  test('its secret can be rotated, and left for published keys; tokens stay good meanwhile', async () => {
    const first = await legacy();
    const rotated = (await rotate('rotate-secret')).body;
    expect(rotated.jwt_secret).not.toBe(own.jwt_secret);
    const second = await signIn();
    expect(headerOf(second).kid).toBe(rotated.kid);
    const answer = await patch({ token_mode: 'v2_jwks' });
    expect(answer.body).not.toHaveProperty('jwt_secret');
    const third = await signIn();
    expect(headerOf(third).alg).toBe('ES256');
    expect([await works(first), await works(second), await works(third)]).toEqual([true, true, true]);
  });

  // T-050
  test('no client is in it unless it was set to', async () => {
    const token = await signIn();
    const [, payload = ''] = token.split('.');
    const [key] = await keysOf(mine());
    const jwk = createPublicKey({ key: key as never, format: 'jwk' });
    const der = jwk.export({ type: 'spki', format: 'der' });
    const pem = jwk.export({ type: 'spki', format: 'pem' }).toString();
    for (const secret of [pem, pem.trim(), der, JSON.stringify(key)]) {
      const header = Buffer.from(JSON.stringify({ alg: 'HS256', kid: key?.kid, typ: 'at+jwt' })).toString('base64url');
      const part = `${header}.${payload}`;
      expect(await works(`${part}.${createHmac('sha256', secret).update(part).digest('base64url')}`)).toBe(false);
    }
  });

  // T-050, T-051, T-078
  test('its secret speaks for its own client only, and only as HS256', async () => {
    const token = await legacy();
    const [, payload = '', signature = ''] = token.split('.');
    const header = headerOf(token);
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const forge = (head: object, body: object) => {
      const part = `${encode(head)}.${encode(body)}`;
      return `${part}.${createHmac('sha256', own.jwt_secret ?? '')
        .update(part)
        .digest('base64url')}`;
    };
    expect(await works(forge(header, claims))).toBe(true);
    expect(await works(forge(header, { ...claims, client_id: 'default', aud: 'default' }))).toBe(false);
    for (const alg of ['none', 'ES256', 'RS256', 'HS384', 'hs256']) {
      expect(await works(forge({ ...header, alg }, claims))).toBe(false);
    }
    expect(await works(`${encode({ ...header, alg: 'none' })}.${payload}.${signature}`)).toBe(false);
    expect(await works(`${encode(header)}.${payload}.`)).toBe(false);
  });
});

// T-011
test('twenty rotations while tokens are minted: each verifies with the set of the beginning, or one fetched for its kid', async () => {
  await rotate('rotate-secret', { immediate: true });
  server.clock.advance(KNOWN_MS);
  const cached = await keysOf(mine());
  const { tokens } = server.house.rooms;
  const grant = { sub: own.client.id, aud: own.client.id, client_id: own.client.id, sid: own.client.id };
  const rest = { amr: [], acr: '1', auth_time: 0, scope: '', scopes: [] };
  const life = { ttlMs: 900_000, notAfter: Number.MAX_SAFE_INTEGER };
  const minted: string[] = [];
  let isRotating = true;
  const minting = async () => {
    while (isRotating || minted.length < 10_000) {
      minted.push((await tokens.issueAccess({ ...grant, ...rest }, life)).token);
      if (minted.length % 50 === 0) await new Promise(setImmediate);
    }
  };
  const rotating = async () => {
    for (let round = 0; round < 20; round++) {
      expect((await rotate('rotate-secret')).status).toBe(200);
      server.clock.advance(20_000);
    }
    isRotating = false;
  };
  await Promise.all([minting(), rotating()]);
  const kids = new Set(minted.map((token) => headerOf(token).kid));
  expect(kids.size).toBeGreaterThan(1);
  const known = new Set([...cached, ...(await keysOf(mine()))].map((key) => key.kid));
  expect([...kids].filter((kid) => !known.has(kid))).toEqual([]);
  // Whoever fetched the set when a key first appeared had it before it signed anything.
  expect(cached.map((key) => key.kid)).toContain(headerOf(minted[0] ?? '').kid);
  const verified = await Promise.all(
    minted.filter((_, at) => at % 50 === 0).map((token) => tokens.verifyAccess(token)),
  );
  expect(verified.filter((claims) => claims === null)).toEqual([]);
});

//
test.each([{ token_mode: 'v1_hs256' }, { settings: { signing_algorithm: 'RS256' } }])(
  'a change to %j makes keys, so a forgotten browser is not enough for it',
  async (change) => {
    const { token } = await createAdministrator(server, `keys${Object.keys(change)}@example.com`);
    const path = `${BASE}/${own.client.id}`;
    server.clock.advance(301_000);
    const stale = await server.ask(path, { method: 'PATCH', token, body: change });
    expect([stale.status, stale.body.error]).toEqual([403, 'admin_step_up_required']);
    expect((await server.ask(path, { method: 'PATCH', token, body: { name: 'Renamed' } })).status).toBe(200);
  },
);
