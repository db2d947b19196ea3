import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createVerifier, type Verifier } from '@gatehouse/node';
import { requireAuth } from '@gatehouse/node/express';
import { gatehouseFastify, requireAuthFastify } from '@gatehouse/node/fastify';
import express from 'express';
import Fastify from 'fastify';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rotateSigningKeys } from '../../src/tenancy/signing-keys/index.ts';
import { createRunningClock } from '../kit/running-clock.ts';
import { type Answer, startTestServer, type TestServer } from '../kit/test-server.ts';

const MINUTE = 60_000;
let server: TestServer;
let verifier: Verifier;

beforeAll(async () => {
  server = await startTestServer();
  verifier = createVerifier({ issuer: server.url, clientId: 'default', now: server.clock.now });
});

afterAll(async () => {
  verifier.close();
  await server.close();
});

const rotate = (of: TestServer) => rotateSigningKeys({ ...of.house.ground, longestTokenTtlMs: 15 * MINUTE });

async function ask(url: string, token?: string) {
  const response = await fetch(url, token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } });
  const body: Answer['body'] = await response.json();
  return { status: response.status, body, challenge: response.headers.get('www-authenticate') };
}

async function startExpress() {
  const app = express();
  app.get('/orders', requireAuth(verifier), (request, response) => {
    response.json({ userId: request.authData?.userId });
  });
  const listening = app.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const url = `http://127.0.0.1:${(listening.address() as AddressInfo).port}/orders`;
  return { url, close: () => listening.close() };
}

async function startFastify() {
  const app = Fastify();
  const own = createVerifier({ issuer: server.url, now: server.clock.now });
  await app.register(gatehouseFastify, { verifier: own });
  app.get('/orders', { onRequest: requireAuthFastify(own) }, async (request) => ({ userId: request.authData?.userId }));
  return { url: `${await app.listen({ port: 0, host: '127.0.0.1' })}/orders`, close: () => app.close() };
}

test('a verified token says who is asking, for which client and in which session', async () => {
  const { body } = await server.signIn('who@example.com');
  const who = await verifier.verify(body.access_token);
  expect(who).toMatchObject({
    userId: body.user.id,
    clientId: 'default',
    sessionId: body.session_id,
    email: undefined,
    claims: { iss: server.url, aud: 'default', amr: ['otp'], acr: 'aal1', token_use: 'access' },
  });
});

test.each([
  ['Express', startExpress],
  ['Fastify', startFastify],
])('a back end on %s knows the person from the token, and refuses everybody else', async (_title, start) => {
  const { url, close } = await start();
  const { body } = await server.signIn('orders@example.com');
  expect(await ask(url, body.access_token)).toMatchObject({ status: 200, body: { userId: body.user.id } });
  expect(await ask(url)).toMatchObject({ status: 401, challenge: 'Bearer' });
  const [head, , signature] = body.access_token.split('.');
  const claims = Buffer.from(JSON.stringify({ sub: 'somebody else' })).toString('base64url');
  const forged = await ask(url, `${head}.${claims}.${signature}`);
  expect(forged.status).toBe(401);
  expect(forged.challenge).toContain('invalid_token');
  await close();
});

test('a refresh token is not accepted in the place of an access token', async () => {
  const { body } = await server.signIn();
  await expect(verifier.verify(body.refresh_token)).rejects.toMatchObject({ code: 'token_malformed' });
});

test('an access token of another client is refused by a back end of this one', async () => {
  const other = createVerifier({ issuer: server.url, clientId: 'another', now: server.clock.now });
  const { body } = await server.signIn();
  await expect(other.verify(body.access_token)).rejects.toMatchObject({ code: 'token_claims_invalid' });
  other.close();
});

// R035
test('the plain recipe with jose verifies a token, before and after a rotation', async () => {
  const running = await startTestServer({ clock: createRunningClock() });
  const JWKS = createRemoteJWKSet(new URL('/jwks', running.url));
  const verify = (token: string) => jwtVerify(token, JWKS, { issuer: running.url });
  const before = (await running.signIn()).body;
  expect((await verify(before.access_token)).payload.sub).toBe(before.user.id);
  await rotate(running);
  running.clock.advance(6_000);
  const after = (await running.signIn()).body;
  expect((await verify(after.access_token)).payload.sub).toBe(before.user.id);
  expect((await verify(before.access_token)).payload.sub).toBe(before.user.id);
  await running.close();
});

// T-011
test('two rotations while tokens are minted and verified: not one verification fails', async () => {
  const fromOldKeys = createVerifier({ issuer: server.url, now: server.clock.now, maxCacheEntries: 0 });
  const kids = new Set<unknown>();
  const tokens: string[] = [];
  let current = (await server.signIn('rotation@example.com')).body;
  const mintAndVerify = async () => {
    const { session_id, refresh_token } = current;
    current = (await server.ask('/session/refresh', { body: { session_id, refresh_token } })).body;
    tokens.push(current.access_token);
    kids.add(JSON.parse(Buffer.from(current.access_token.split('.')[0], 'base64url').toString()).kid);
    await Promise.all(tokens.map((token) => fromOldKeys.verify(token)));
    // Long enough for the second new key to be known everywhere before the end.
    server.clock.advance(20_000);
  };
  for (let round = 0; round < 3; round++) {
    if (round > 0) await Promise.all([rotate(server), mintAndVerify()]);
    for (let count = 0; count < 10; count++) await mintAndVerify();
  }
  expect(kids.size).toBe(3);
  expect(tokens).toHaveLength(32);
  fromOldKeys.close();
});
