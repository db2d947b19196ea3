import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLocalIssuer } from '../test/local-issuer.ts';
import { requireAuth } from './express.ts';
import { gatehouseFastify, requireAuthFastify } from './fastify.ts';
import type { Verifier } from './verifier.ts';
import { createVerifier } from './verifier.ts';

type App = { readonly url: string; close(): Promise<unknown> };

const stepUp = { acrValues: ['aal2', 'aal3'], maxAuthAgeSeconds: 300 };
const routes = {
  '/plain': {},
  '/orders': { scopes: ['orders:read'] },
  '/admin': { scopes: ['admin'] },
  '/pay': stepUp,
};

async function startExpress(verifier: Verifier): Promise<App> {
  const app = express();
  for (const [path, options] of Object.entries(routes)) {
    app.get(path, requireAuth(verifier, options), (request, response) => {
      response.json({ userId: request.authData?.userId });
    });
  }
  const server = await new Promise<Server>((resolve) => {
    const started = app.listen(0, '127.0.0.1', () => resolve(started));
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => new Promise((resolve) => server.close(resolve)) };
}

async function startFastify(verifier: Verifier): Promise<App> {
  const app = fastify();
  await app.register(gatehouseFastify, { verifier });
  for (const [path, options] of Object.entries(routes)) {
    app.get(path, { onRequest: requireAuthFastify(verifier, options) }, async ({ authData }) => ({
      userId: authData?.userId,
    }));
  }
  return { url: await app.listen({ port: 0, host: '127.0.0.1' }), close: () => app.close() };
}

describe.each([
  ['Express', startExpress],
  ['Fastify', startFastify],
])('the %s guard', (_, start) => {
  let local: Awaited<ReturnType<typeof startLocalIssuer>>;
  let app: App;
  beforeAll(async () => {
    local = await startLocalIssuer();
    app = await start(createVerifier({ issuer: local.issuer, audience: 'client-1' }));
  });
  afterAll(async () => {
    await app.close();
    await local.close();
  });

  const get = (path: string, authorization?: string) =>
    fetch(app.url + path, { headers: authorization === undefined ? {} : { authorization } });

  it('passes a good token on, whatever the case of the scheme', async () => {
    for (const scheme of ['Bearer', 'bearer']) {
      const response = await get('/plain', `${scheme} ${await local.signToken()}`);
      expect(await response.json()).toEqual({ userId: 'user-1' });
    }
  });

  it.each([undefined, 'Basic YTpi', 'Bearer', 'Bearer a b'])(
    'answers %j with the bare challenge',
    async (authorization) => {
      const response = await get('/plain', authorization);
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toBe('Bearer');
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(await response.json()).toMatchObject({ error: 'token_missing' });
    },
  );

  it('answers a bad token with invalid_token and repeats nothing of it', async () => {
    const token = await local.signToken({ claims: { aud: 'else' } });
    const response = await get('/plain', `Bearer ${token}`);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toMatch(/^Bearer error="invalid_token"/);
    expect(await response.text()).not.toContain(token.slice(0, 10));
  });

  it('accepts no token from the query string', async () => {
    expect((await get(`/plain?access_token=${await local.signToken()}`)).status).toBe(401);
  });

  //
  it('lets a token with the needed scope pass and answers another with 403', async () => {
    const authorization = `Bearer ${await local.signToken()}`;
    expect((await get('/orders', authorization)).status).toBe(200);
    const response = await get('/admin', authorization);
    expect(response.status).toBe(403);
    expect(response.headers.get('www-authenticate')).toBe('Bearer error="insufficient_scope", scope="admin"');
  });

  //
  it.each([
    ['a strong and recent sign-in', { acr: 'aal2' }, 200],
    ['a weak sign-in', { acr: 'aal1' }, 401],
    ['no acr', { acr: undefined }, 401],
    ['an old sign-in', { acr: 'aal2', auth_time: Math.floor(Date.now() / 1000) - 400 }, 401],
    ['no auth_time', { acr: 'aal2', auth_time: undefined }, 401],
  ])('asked for step-up, answers %s accordingly', async (_case, claims, status) => {
    const response = await get('/pay', `Bearer ${await local.signToken({ claims })}`);
    expect(response.status).toBe(status);
    if (status === 401) {
      const challenge = 'Bearer error="insufficient_user_authentication", acr_values="aal2 aal3", max_age="300"';
      expect(response.headers.get('www-authenticate')).toBe(challenge);
    }
  });

  it('answers 503 without a challenge when the issuer’s keys cannot be had', async () => {
    const stopped = await startLocalIssuer();
    stopped.state.isDown = true;
    const unlucky = await start(createVerifier({ issuer: stopped.issuer }));
    const response = await fetch(`${unlucky.url}/plain`, {
      headers: { authorization: `Bearer ${await stopped.signToken()}` },
    });
    expect(response.status).toBe(503);
    expect(response.headers.has('www-authenticate')).toBe(false);
    await unlucky.close();
    await stopped.close();
  });
});
