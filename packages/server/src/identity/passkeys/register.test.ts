import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { coseKeyOf, type Twist } from '../../../test/kit/authenticator.ts';
import type { Cbor } from '../../../test/kit/cbor.ts';
import { createPasskeyDriver, type PasskeyDriver } from '../../../test/kit/passkey-driver.ts';
import { startTestServer, type TestServer } from '../../../test/kit/test-server.ts';

let server: TestServer;
let driver: PasskeyDriver;
beforeAll(async () => {
  server = await startTestServer();
  driver = createPasskeyDriver(server);
});
afterAll(() => server.close());

let people = 0;
const signIn = async () => (await server.signIn(`person${++people}@example.com`)).body;

test.each(['ES256', 'EdDSA', 'RS256'] as const)('a passkey with an %s key is added and signs in', async (algorithm) => {
  const { access_token, user } = await signIn();
  const authenticator = driver.authenticator({ algorithm });
  expect((await driver.register(access_token, authenticator)).body.ok).toBe(true);
  const answer = await driver.authenticate(authenticator);
  expect(answer.body.user.id).toBe(user.id);
});

// W-05, W-30, R099, D12
test('the options ask for a discoverable, verified passkey and leave out those there are', async () => {
  const { access_token } = await signIn();
  const authenticator = driver.authenticator();
  await driver.register(access_token, authenticator);
  const { publicKey } = (await driver.registerOptions(access_token)).body;
  expect(publicKey.pubKeyCredParams.map((one: { alg: number }) => one.alg)).toEqual([-8, -7, -257]);
  expect(publicKey.authenticatorSelection).toMatchObject({ residentKey: 'required', userVerification: 'required' });
  expect(publicKey).toMatchObject({ timeout: 300_000, attestation: 'none', rp: { id: '127.0.0.1' } });
  expect(publicKey.excludeCredentials).toEqual([
    { type: 'public-key', id: authenticator.credentialId, transports: ['internal'] },
  ]);
  expect(Buffer.from(publicKey.challenge, 'base64url')).toHaveLength(32);
});

function elliptic(change: (map: Map<number, Cbor>) => void): Cbor {
  const map = coseKeyOf('ES256', generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey) as Map<number, Cbor>;
  change(map);
  return map;
}

const edwards = (x: Buffer): Cbor =>
  new Map<number, Cbor>([
    [1, 1],
    [3, -8],
    [-1, 6],
    [-2, x],
  ]);
const shortRsa = () => coseKeyOf('RS256', generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey);

const lies: [string, Twist][] = [
  ['W-01 the challenge of another ceremony', { challenge: Buffer.alloc(32, 1).toString('base64url') }],
  ['W-01 an empty challenge', { challenge: '' }],
  ['W-04 the type of a sign-in', { type: 'webauthn.get' }],
  ['W-06 a subdomain', { origin: 'http://sub.127.0.0.1' }],
  ['W-06 another port', { origin: 'http://127.0.0.1:1' }],
  ['W-06 a null origin', { origin: 'null' }],
  ['W-06 https for http', { origin: 'https://127.0.0.1' }],
  ['W-06 a suffix', { origin: 'http://127.0.0.1.evil.example' }],
  ['W-09 a cross-origin ceremony', { clientData: { crossOrigin: true } }],
  ['W-09 a ceremony in a foreign page', { clientData: { topOrigin: 'https://evil.example' } }],
  ['W-11 another relying party', { rpId: 'evil.example' }],
  ['W-12 nobody present', { userPresent: false }],
  ['W-13 nobody verified', { userVerified: false }],
  ['W-14 backed up without being eligible', { backedUp: true }],
  ['W-21 a point that is not on the curve', { coseKey: elliptic((map) => map.set(-3, Buffer.alloc(32, 7))) }],
  ['W-21 an algorithm nobody offered', { coseKey: elliptic((map) => map.set(3, -35)) }],
  ['W-21 an RSA key of 1024 bits', { coseKey: shortRsa() }],
  ['W-21 an Ed25519 key of small order', { coseKey: edwards(Buffer.alloc(32)) }],
  ['W-26 an unknown attestation format', { attestation: { fmt: 'unknown', attStmt: new Map() } }],
  ['W-26 a statement where there is none', { attestation: { fmt: 'none', attStmt: new Map([['x', 1]]) } }],
  ['W-29 an id of 1,024 bytes', { credentialId: Buffer.alloc(1024, 1) }],
  ['W-29 an empty id', { credentialId: Buffer.alloc(0) }],
  [
    'W-36 client data that says a thing twice',
    { rewriteClientData: (json) => json.replace('{', '{"type":"webauthn.create",') },
  ],
];

test.each(lies)('%s is refused', async (_title, twist) => {
  const { access_token } = await signIn();
  const answer = await driver.register(access_token, driver.authenticator(), twist);
  expect(answer.status).toBe(400);
  expect((await server.ask('/me', { token: access_token })).body.webauthn_credentials).toEqual([]);
});

const oddities: [string, Twist][] = [
  ['W-20 reserved flag bits', { flags: 0x22 }],
  ['W-29 an id of 1,023 bytes', { credentialId: Buffer.alloc(1023, 2) }],
  ['W-36 a byte order mark', { rewriteClientData: (json) => `\uFEFF${json}` }],
  ['W-36 members nobody knows', { clientData: { other_keys_can_be_added_here: 'x' } }],
];

test.each(oddities)('%s is accepted', async (_title, twist) => {
  const { access_token } = await signIn();
  const answer = await driver.register(access_token, driver.authenticator(), twist);
  expect(answer.body).toMatchObject({ ok: true });
});

// W-28
test('a passkey is registered once in a client, for whomever', async () => {
  const authenticator = driver.authenticator();
  expect((await driver.register((await signIn()).access_token, authenticator)).status).toBe(200);
  const again = await driver.register((await signIn()).access_token, authenticator);
  expect(again.status).toBe(409);
  expect(again.body.error).toBe('duplicate_credential');
});

// W-01, W-02
test('options of one user are of no use to another, and of no use twice', async () => {
  const mine = await signIn();
  const theirs = await signIn();
  const options = (await driver.registerOptions(mine.access_token)).body;
  const credential = driver.authenticator().register(options.publicKey);
  const finish = (token: string) =>
    server.ask('/webauthn/register/verify', {
      body: { request_id: options.request_id, credential },
      token,
      headers: { origin: server.url },
    });
  expect((await finish(theirs.access_token)).body.error).toBe('invalid_webauthn_registration');
  expect((await finish(mine.access_token)).body.error).toBe('invalid_webauthn_registration');
});

test('new options void the older ones of the same user', async () => {
  const { access_token } = await signIn();
  const old = (await driver.registerOptions(access_token)).body;
  await driver.registerOptions(access_token);
  const credential = driver.authenticator().register(old.publicKey);
  const answer = await server.ask('/webauthn/register/verify', {
    body: { request_id: old.request_id, credential },
    token: access_token,
    headers: { origin: server.url },
  });
  expect(answer.status).toBe(400);
});

// W-39
test('adding a passkey needs a live and recent sign-in', async () => {
  expect((await server.ask('/webauthn/register/options', { method: 'POST', body: {} })).status).toBe(401);
  const tokens = await signIn();
  server.clock.advance(16 * 60_000);
  const fresh = await server.ask('/session/refresh', {
    body: { session_id: tokens.session_id, refresh_token: tokens.refresh_token },
  });
  const answer = await driver.registerOptions(fresh.body.access_token);
  expect(answer.body.error).toBe('reauthentication_required');
});

test.each(['https://evil.example', 'null', 'http://127.0.0.1:1'])('a page of %s gets no options', async (origin) => {
  const { access_token } = await signIn();
  const answer = await server.ask('/webauthn/register/options', { body: {}, token: access_token, headers: { origin } });
  expect(answer.body.error).toBe('invalid_origin');
});

// W-23, W-24
test('a client that demands attestation refuses a passkey without, or with a forged one', async () => {
  const strict = await startTestServer();
  const settings = {
    webauthn_attestation: 'direct',
    webauthn_require_attestation: true,
    webauthn_allowed_attestation_formats: ['packed'],
  };
  await strict.house.ground.database.write((tx) =>
    tx.query
      .updateTable('clients')
      .set({ settings: JSON.stringify(settings) })
      .execute(),
  );
  strict.clock.advance(2_000);
  const own = createPasskeyDriver(strict);
  const { access_token } = (await strict.signIn()).body;
  expect((await own.registerOptions(access_token)).body.publicKey.attestation).toBe('direct');
  expect((await own.register(access_token, own.authenticator())).body.error).toBe('invalid_webauthn_registration');
  expect((await own.register(access_token, own.authenticator(), { selfAttested: true })).body.ok).toBe(true);
  const forged = {
    fmt: 'packed',
    attStmt: new Map<string, Cbor>([
      ['alg', -7],
      ['sig', Buffer.alloc(70, 1)],
    ]),
  };
  const refused = await own.register(access_token, own.authenticator(), { attestation: forged });
  expect(refused.body.error).toBe('invalid_webauthn_registration');
  await strict.close();
});

// W-37, A-107
test('whatever bytes an authenticator answers with, the answer is never a fault', async () => {
  const { access_token } = await signIn();
  const sound = driver.authenticator();
  await fc.assert(
    fc.asyncProperty(fc.nat(), fc.integer({ min: 0, max: 255 }), fc.boolean(), async (at, byte, cut) => {
      const options = (await driver.registerOptions(access_token)).body;
      const credential = sound.register(options.publicKey, {});
      const bytes = Buffer.from(credential.response.attestationObject, 'base64url');
      bytes[at % bytes.length] = byte;
      const kept = cut ? bytes.subarray(0, at % bytes.length) : bytes;
      credential.response.attestationObject = kept.toString('base64url');
      const body = { request_id: options.request_id, credential };
      const answer = await server.ask('/webauthn/register/verify', {
        body,
        token: access_token,
        headers: { origin: server.url },
      });
      // Without attestation nothing signs these bytes: some changes leave a sound answer, perhaps one that was given before.
      expect([200, 400, 409]).toContain(answer.status);
      if (cut) expect(answer.status).toBe(400);
    }),
    { numRuns: 300 },
  );
});
