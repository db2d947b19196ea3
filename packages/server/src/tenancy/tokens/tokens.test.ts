import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../../../test/kit/test-server.ts';

let server: TestServer;
let token: string;
let claims: Record<string, unknown>;
beforeAll(async () => {
  server = await startTestServer();
  token = (await server.signIn()).body.access_token;
  claims = decode(token.split('.')[1]);
});
afterAll(() => server.close());

function decode(part: string | undefined): Record<string, unknown> {
  return JSON.parse(Buffer.from(part ?? '', 'base64url').toString());
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const status = async (forged: string) => (await server.ask('/me', { token: forged })).status;

/** Signs with the server's own current key whatever header and claims a test wants. */
async function forge(header: object, payload: object): Promise<string> {
  const key = await server.house.rooms.signingKeys.current();
  const part = `${encode({ alg: 'ES256', kid: key.kid, typ: 'at+jwt', ...header })}.${encode({ ...claims, ...payload })}`;
  const signature = sign('sha256', Buffer.from(part), { key: key.privateKey, dsaEncoding: 'ieee-p1363' });
  return `${part}.${signature.toString('base64url')}`;
}

// R035, O-220
test('the recipe for back ends verifies a token with a standard library', async () => {
  const keys = createRemoteJWKSet(new URL('/jwks', server.url));
  const { payload, protectedHeader } = await jwtVerify(token, keys, {
    issuer: server.url,
    currentDate: new Date(server.clock.now()),
  });
  expect(protectedHeader).toMatchObject({ alg: 'ES256', typ: 'at+jwt' });
  expect(payload.sub).toBeTruthy();
});

test('a token made with the right key and claims is accepted, so the refusals below are about what they say', async () => {
  expect(await status(await forge({}, {}))).toBe(200);
});

// T-051, T-053, A-072
test.each([
  ['alg none', { alg: 'none' }],
  ['alg None', { alg: 'None' }],
  ['another algorithm', { alg: 'RS256' }],
  ['no algorithm', { alg: undefined }],
  ['an unknown key', { kid: 'unknown' }],
  ['a key that is a path', { kid: '../../../../dev/null' }],
  ['a key that is SQL', { kid: "' or 1=1 --" }],
  ['a key of ten kilobytes', { kid: 'k'.repeat(10_000) }],
  ['no key', { kid: undefined }],
  ['a critical extension', { crit: ['exp'] }],
  ['an unencoded payload', { b64: false, crit: ['b64'] }],
  ['another type', { typ: 'JWT' }],
  ['the type of an ephemeral token', { typ: 'ephemeral+jwt' }],
  ['no type', { typ: undefined }],
])('a token with %s in its header is refused', async (_title, header) => {
  expect(await status(await forge(header, {}))).toBe(401);
});

//
test.each(['jku', 'x5u', 'jwk', 'x5c'])('a %s header changes nothing: the key is ours or nobody’s', async (name) => {
  const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const value = name === 'jwk' ? stranger.publicKey.export({ format: 'jwk' }) : 'http://127.0.0.1:1/keys';
  const part = `${encode({ alg: 'ES256', kid: 'stranger', typ: 'at+jwt', [name]: value })}.${encode(claims)}`;
  const signature = sign('sha256', Buffer.from(part), { key: stranger.privateKey, dsaEncoding: 'ieee-p1363' });
  expect(await status(`${part}.${signature.toString('base64url')}`)).toBe(401);
});

// T-054, A-073, A-075
test.each([
  ['expired', { exp: 1_000 }],
  ['of another issuer', { iss: 'https://evil.example' }],
  ['of the issuer with a slash', { iss: 'http://127.0.0.1/' }],
  ['with an expiry in words', { exp: '9999999999' }],
  ['without an end', { exp: undefined }],
  ['from the future', { iat: 9_999_999_999, exp: 99_999_999_999 }],
  ['not valid yet', { nbf: 9_999_999_999 }],
  ['for several audiences', { aud: ['default', 'other'] }],
  ['of another use', { token_use: 'client_credentials' }],
  ['of another session', { sid: '01234567-89ab-7000-8000-0123456789ab' }],
  ['of another client', { client_id: 'other' }],
  ['of another user', { sub: '01234567-89ab-7000-8000-0123456789ab' }],
])('a token that is %s is refused', async (_title, payload) => {
  expect(await status(await forge({}, payload))).toBe(401);
});

// T-050
test.each(['spki', 'jwk'] as const)(
  'a token signed with the public key (%s) as a secret is refused',
  async (format) => {
    const { kid, publicKey } = await server.house.rooms.signingKeys.current();
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const secret = format === 'spki' ? pem : JSON.stringify(publicKey.export({ format: 'jwk' }));
    const part = `${encode({ alg: 'HS256', kid, typ: 'at+jwt' })}.${encode(claims)}`;
    expect(await status(`${part}.${createHmac('sha256', secret).update(part).digest('base64url')}`)).toBe(401);
  },
);

// T-051
test.each([
  ['no signature', ''],
  ['zeros', Buffer.alloc(64).toString('base64url')],
  ['a short one', Buffer.alloc(10, 1).toString('base64url')],
])('a token with %s for a signature is refused', async (_title, signature) => {
  const [header, payload] = token.split('.');
  expect(await status(`${header}.${payload}.${signature}`)).toBe(401);
});

//
test('a token with any one character changed is refused', async () => {
  const positions = Array.from(token, (_, index) => index).filter((index) => index % 7 === 0 && token[index] !== '.');
  for (const index of positions) {
    const changed = token[index] === 'A' ? 'B' : 'A';
    expect(await status(token.slice(0, index) + changed + token.slice(index + 1))).toBe(401);
  }
});

// A-074, O-090
test('a refresh token is no bearer token', async () => {
  expect(await status((await server.signIn()).body.refresh_token)).toBe(401);
});

//
test('a token is refused once its fifteen minutes are over', async () => {
  const fresh = (await server.signIn()).body.access_token;
  server.clock.advance(15 * 60_000 - 1000);
  expect(await status(fresh)).toBe(200);
  server.clock.advance(1000);
  expect(await status(fresh)).toBe(401);
});
