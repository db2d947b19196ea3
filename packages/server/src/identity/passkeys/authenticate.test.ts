import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Authenticator, Twist } from '../../../test/kit/authenticator.ts';
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

/** Somebody new with one passkey. */
async function somebody(
  twist?: Twist,
): Promise<{ authenticator: Authenticator; token: string; userId: string; passkeyId: string }> {
  const signedIn = (await server.signIn(`owner${++people}@example.com`)).body;
  const authenticator = driver.authenticator();
  const added = await driver.register(signedIn.access_token, authenticator, twist);
  expect(added.status).toBe(200);
  return { authenticator, token: signedIn.access_token, userId: signedIn.user.id, passkeyId: added.body.passkey.id };
}

const storedPasskey = (id: string) =>
  server.house.ground.database.read.query
    .selectFrom('passkeys')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirstOrThrow();

function flipBit(signature: Buffer): Buffer {
  const copy = Buffer.from(signature);
  copy[copy.length - 1] = (copy[copy.length - 1] ?? 0) ^ 1;
  return copy;
}

const lies: [string, Twist][] = [
  ['W-01 another challenge', { challenge: Buffer.alloc(32, 1).toString('base64url') }],
  ['W-04 the type of a registration', { type: 'webauthn.create' }],
  ['W-06 a subdomain', { origin: 'http://sub.127.0.0.1' }],
  ['W-06 another port', { origin: 'http://127.0.0.1:1' }],
  ['W-06 a null origin', { origin: 'null' }],
  ['W-06 a punycode look-alike', { origin: 'http://xn--127-8na.0.0.1' }],
  ['W-06 a suffix', { origin: 'http://127.0.0.1.evil.example' }],
  ['W-08 a cross-origin ceremony', { clientData: { crossOrigin: true } }],
  ['W-10 a top origin of somebody else', { clientData: { crossOrigin: true, topOrigin: 'https://evil.example' } }],
  [
    'W-10 a top origin that contradicts itself',
    { clientData: { crossOrigin: false, topOrigin: 'https://evil.example' } },
  ],
  ['W-11 another relying party', { rpId: 'evil.example' }],
  ['W-12 nobody present', { userPresent: false }],
  ['W-13 nobody verified', { userVerified: false }],
  ['W-14 backed up without being eligible', { backedUp: true }],
  ['W-15 suddenly eligible for backup', { backupEligible: true }],
  ['W-22 a flipped bit', { rewriteSignature: flipBit }],
  ['W-22 no signature', { rewriteSignature: () => Buffer.alloc(0) }],
  ['W-22 trailing bytes', { rewriteSignature: (signature) => Buffer.concat([signature, Buffer.from([0])]) }],
  ['W-22 a raw signature', { rewriteSignature: () => Buffer.alloc(64, 1) }],
  ['W-32 no user handle', { userHandle: null }],
  ['W-32 an empty user handle', { userHandle: '' }],
  ['W-33 the user handle of nobody', { userHandle: Buffer.from('nobody').toString('base64url') }],
  ['W-36 client data that is no object', { rewriteClientData: () => '[]' }],
  ['W-36 client data that says a thing twice', { rewriteClientData: (json) => json.replace('{', '{"origin":"x",') }],
];

test.each(lies)('%s is refused and changes nothing', async (_title, twist) => {
  const { authenticator, passkeyId } = await somebody();
  const before = await storedPasskey(passkeyId);
  const answer = await driver.authenticate(authenticator, twist);
  expect(answer.status).toBe(400);
  // W-44
  expect(await storedPasskey(passkeyId)).toEqual(before);
});

// W-42, D14
test('a sign-in with a device-bound passkey says so, at level two', async () => {
  const { authenticator } = await somebody();
  const { access_token } = (await driver.authenticate(authenticator)).body;
  const claims = JSON.parse(Buffer.from(access_token.split('.')[1], 'base64url').toString());
  expect(claims).toMatchObject({ amr: ['hwk', 'user'], acr: 'aal2' });
});

// W-16, W-18
test('a synced passkey may be backed up later and counts nothing', async () => {
  const { authenticator, passkeyId } = await somebody({ backupEligible: true, counter: 0 });
  const twist = { backupEligible: true, backedUp: true, counter: 0 };
  expect((await driver.authenticate(authenticator, twist)).status).toBe(200);
  expect((await driver.authenticate(authenticator, twist)).status).toBe(200);
  expect(await storedPasskey(passkeyId)).toMatchObject({ backed_up: 1, counter: 0 });
});

// W-15
test('a passkey that stops being eligible for backup is refused', async () => {
  const { authenticator } = await somebody({ backupEligible: true });
  expect((await driver.authenticate(authenticator, { backupEligible: false })).status).toBe(400);
});

// W-17
test.each([
  ['lower', 3],
  ['equal', 9],
  ['zero', 0],
])('a %s counter is refused', async (_title, counter) => {
  const { authenticator, passkeyId } = await somebody();
  expect((await driver.authenticate(authenticator, { counter: 9 })).status).toBe(200);
  expect((await driver.authenticate(authenticator, { counter })).status).toBe(400);
  expect((await storedPasskey(passkeyId)).counter).toBe(9);
});

// W-19
test('of two sign-ins at once the higher counter stays', async () => {
  const { authenticator, passkeyId } = await somebody();
  await driver.authenticate(authenticator, { counter: 5 });
  const [first, second] = [(await driver.authenticateOptions()).body, (await driver.authenticateOptions()).body];
  const higher = authenticator.authenticate(second.publicKey, { counter: 7 });
  const lower = authenticator.authenticate(first.publicKey, { counter: 6 });
  await Promise.all([driver.verify(second.request_id, higher), driver.verify(first.request_id, lower)]);
  expect((await storedPasskey(passkeyId)).counter).toBe(7);
});

// W-02
test('of fifty answers to one challenge one signs in', async () => {
  const { authenticator } = await somebody();
  const options = (await driver.authenticateOptions()).body;
  const credential = authenticator.authenticate(options.publicKey);
  const answers = await Promise.all(Array.from({ length: 50 }, () => driver.verify(options.request_id, credential)));
  expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
});

// W-03
test('a challenge is of no use after five minutes', async () => {
  const { authenticator } = await somebody();
  const options = (await driver.authenticateOptions()).body;
  server.clock.advance(300_000);
  const answer = await driver.verify(options.request_id, authenticator.authenticate(options.publicKey));
  expect(answer.body.error).toBe('invalid_webauthn_authentication');
});

// W-04
test('a challenge for adding a passkey does not sign in', async () => {
  const { authenticator, token } = await somebody();
  const options = (await driver.registerOptions(token)).body;
  const credential = authenticator.authenticate({ challenge: options.publicKey.challenge, rpId: '127.0.0.1' });
  expect((await driver.verify(options.request_id, credential)).status).toBe(400);
});

// W-31, W-33
test('a passkey cannot speak for the owner of another', async () => {
  const mine = await somebody();
  const theirs = await somebody();
  const userHandle = Buffer.from(theirs.userId).toString('base64url');
  expect((await driver.authenticate(mine.authenticator, { userHandle })).status).toBe(400);
});

// W-34
test('a passkey removed between begin and finish does not sign in', async () => {
  const { authenticator, token, passkeyId } = await somebody();
  const options = (await driver.authenticateOptions()).body;
  await server.ask(`/webauthn/credentials/${passkeyId}`, { method: 'DELETE', token });
  expect((await driver.verify(options.request_id, authenticator.authenticate(options.publicKey))).status).toBe(400);
});

// W-34
test('a suspended user does not sign in', async () => {
  const { authenticator, userId } = await somebody();
  await server.house.ground.database.write((tx) =>
    tx.query.updateTable('users').set({ status: 'suspended' }).where('id', '=', userId).execute(),
  );
  expect((await driver.authenticate(authenticator)).status).toBe(400);
});

// W-41
test('the options of a sign-in say nothing about who has passkeys', async () => {
  const { publicKey } = (await driver.authenticateOptions()).body;
  expect(Object.keys(publicKey).sort()).toEqual(['challenge', 'rpId', 'timeout', 'userVerification']);
});

// W-05, A-032
test('ten thousand challenges are all different', async () => {
  const { beginAuthentication } = await import('./index.ts');
  const { rooms } = server.house;
  const client = await rooms.clients.standard();
  const made = await Promise.all(
    Array.from({ length: 10_000 }, () =>
      beginAuthentication(rooms.passkeys.begin, { client, origin: undefined, rpId: undefined }),
    ),
  );
  expect(new Set(made.map((one) => one.publicKey.challenge)).size).toBe(10_000);
});

// W-35
test.each([
  ['an id that is not the raw id', { rawId: 'AAAA' }],
  ['padding', { id: 'AAA=', rawId: 'AAA=' }],
  ['standard base64', { id: 'A+/A', rawId: 'A+/A' }],
])('%s is refused', async (_title, change) => {
  const { authenticator } = await somebody();
  const options = (await driver.authenticateOptions()).body;
  const credential = { ...authenticator.authenticate(options.publicKey), ...change };
  expect((await driver.verify(options.request_id, credential)).status).toBe(400);
});

// W-38
test('extension outputs nobody asked for are ignored', async () => {
  const { authenticator } = await somebody();
  const options = (await driver.authenticateOptions()).body;
  const credential = {
    ...authenticator.authenticate(options.publicKey),
    clientExtensionResults: { appid: true, x: { y: 1 } },
  };
  expect((await driver.verify(options.request_id, credential)).status).toBe(200);
});

// W-37
test.each([
  ['nested ten thousand deep', Buffer.alloc(10_000, 0x81)],
  ['a huge length prefix', Buffer.from([0x5b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff])],
  ['an endless string', Buffer.from([0x5f, 0x41, 0x00])],
  ['nothing', Buffer.alloc(0)],
])('CBOR that is %s is refused', async (_title, cbor) => {
  const { token } = await somebody();
  const options = (await driver.registerOptions(token)).body;
  const credential = driver.authenticator().register(options.publicKey);
  credential.response.attestationObject = cbor.toString('base64url');
  const body = { request_id: options.request_id, credential };
  const answer = await server.ask('/webauthn/register/verify', { body, token, headers: { origin: server.url } });
  expect(answer.status).toBe(400);
});

// W-36
test('client data of a megabyte is not read', async () => {
  const { authenticator } = await somebody();
  const answer = await driver.authenticate(authenticator, { clientData: { x: 'x'.repeat(1_000_000) } });
  expect(answer.status).toBe(413);
});

// W-40
test('the last passkey may go, because the address stays a way in', async () => {
  const { token, passkeyId } = await somebody();
  const removed = await server.ask(`/webauthn/credentials/${passkeyId}`, { method: 'DELETE', token });
  expect(removed.body).toEqual({ ok: true });
});

test("another user's passkey is as absent as one that never was", async () => {
  const mine = await somebody();
  const theirs = await somebody();
  const remove = (id: string) => server.ask(`/api/auth/passkeys/${id}`, { method: 'DELETE', token: mine.token });
  const rename = (id: string) =>
    server.ask(`/api/auth/passkeys/${id}`, { method: 'PATCH', body: { name: 'Mine' }, token: mine.token });
  for (const act of [remove, rename]) {
    const foreign = await act(theirs.passkeyId);
    const absent = await act('01234567-89ab-7000-8000-0123456789ab');
    expect(foreign.status).toBe(404);
    expect({ ...foreign.body, request_id: '' }).toEqual({ ...absent.body, request_id: '' });
  }
});

// T-070, T-080
test('a rename does what the address says, whoever and whichever the body names', async () => {
  const victim = await somebody();
  const { token, passkeyId } = await somebody();
  const body = { name: 'Taken', id: victim.passkeyId, userId: victim.userId, clientId: 'default' };
  const answer = await server.ask(`/api/auth/passkeys/${passkeyId}`, { method: 'PATCH', body, token });
  expect(answer.body.id).toBe(passkeyId);
  expect((await storedPasskey(victim.passkeyId)).name).not.toBe('Taken');
});

test('a passkey is listed, renamed and removed by its owner', async () => {
  const { token, passkeyId } = await somebody();
  const renamed = await server.ask(`/api/auth/passkeys/${passkeyId}`, {
    method: 'PATCH',
    body: { name: 'Blue key' },
    token,
  });
  expect(renamed.body.name).toBe('Blue key');
  const list = await server.ask('/api/auth/passkeys', { token });
  expect(list.body.passkeys).toMatchObject([{ id: passkeyId, name: 'Blue key' }]);
  const removed = await server.ask(`/api/auth/passkeys?id=${passkeyId}`, { method: 'DELETE', token });
  expect(removed.body).toEqual({ ok: true });
  expect((await server.ask('/api/auth/passkeys', { token })).body.passkeys).toEqual([]);
});

// W-07
test('a passkey of one client does not sign in at another', async () => {
  const { createClient } = await import('../../tenancy/clients/index.ts');
  const { ground } = server.house;
  const { apiKey } = await ground.database.write((tx) => createClient({ ...ground, tx }, { slug: 'w07', name: 'W07' }));
  const headers = { 'x-api-key': apiKey, origin: server.url };
  const { authenticator } = await somebody();
  const begun = (await server.ask('/api/auth/passkey/login/begin', { body: {}, headers })).body;
  const credential = authenticator.authenticate(begun.publicKey);
  const finish = `/api/auth/passkey/login/finish?session_id=${begun.session_id}`;
  expect((await server.ask(finish, { body: { credential }, headers })).body.error).toBe(
    'invalid_webauthn_authentication',
  );
});
