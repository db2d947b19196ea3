import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bareHttp } from '../../../test/kit/bare-http.ts';
import { startTestServer, type TestServer } from '../../../test/kit/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ settings: { 'server.allowOrigin': 'https://app.example.com' } });
});
afterAll(() => server.close());

const APP = 'https://app.example.com';

/** Sends bytes as they are and reads what comes back. */
function raw(text: string): Promise<string> {
  const { port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), '127.0.0.1', () => socket.write(text));
    let answer = '';
    socket.setEncoding('utf8');
    socket.on('data', (chunk) => {
      answer += chunk;
      socket.end();
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });
}

test('an unknown address is not found, with a request id to quote', async () => {
  const answer = await server.ask('/nothing/here');
  expect(answer.status).toBe(404);
  expect(answer.body).toMatchObject({ error: 'not_found', request_id: answer.headers.get('x-request-id') });
});

//
test.each([
  ['/api/auth/passkeys/%zz', 400, 'invalid_request'],
  ['/api/auth/passkeys/%c0%ae', 400, 'invalid_request'],
  [`/api/auth/passkeys/${'a'.repeat(300)}`, 404, 'not_found'],
])('the address %s, which no route can have, is refused like any other', async (path, status, error) => {
  const answer = await server.ask(path, { method: 'DELETE' });
  expect([answer.status, answer.body.error]).toEqual([status, error]);
  expect(answer.body.request_id).toBe(answer.headers.get('x-request-id'));
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  expect(answer.text).not.toContain('passkeys');
});

//
test.each([
  ['/%zz', 400],
  [`/api/auth/passkeys/${'a'.repeat(300)}`, 404],
])('a browser at the address %s, which no route can have, is shown a page', async (path, status) => {
  const answer = await server.ask(path, { headers: { accept: 'text/html' } });
  expect(answer.status).toBe(status);
  expect(answer.text).toContain('</html>');
  expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect((await server.ask('/healthz')).status).toBe(200);
});

//
test('a text with NUL, which no column can hold, is an invalid request', async () => {
  const addresses = ['/api/admin/audit-events/export?event_type=a%00b', '/api/admin/clients/%00'];
  const asked = await Promise.all(addresses.map((path) => server.askAsOwner(path)));
  const named = { user: (await server.signIn()).body.access_token };
  const renamed = await server.ask('/api/auth/me', {
    method: 'PATCH',
    body: { display_name: 'a\0b' },
    token: named.user,
  });
  expect([...asked, renamed].map(({ body }) => body.error)).toEqual(Array.from({ length: 3 }, () => 'invalid_request'));
});

//
test.each([
  ['PUT', '/jwks', 'GET, OPTIONS'],
  ['GET', '/email/start', 'OPTIONS, POST'],
  ['DELETE', '/me', 'GET, OPTIONS'],
])('%s %s is answered 405 with what is allowed', async (method, path, allow) => {
  const answer = await server.ask(path, { method });
  expect(answer.status).toBe(405);
  expect(answer.headers.get('allow')).toBe(allow);
  expect(answer.body.error).toBe('method_not_allowed');
});

// A-107, T-084
test.each([
  ['malformed JSON', '{"email":'],
  ['JSON nested too deep', `{"email":${'['.repeat(100_00)}${']'.repeat(100_00)}}`],
  ['a prototype key', '{"__proto__":{"x":1},"email":"a@example.com"}'],
  ['an escaped prototype key', '{"\\u005f_proto__":{"x":1},"email":"a@example.com"}'],
  ['a constructor key', '{"constructor":{"prototype":{"x":1}},"email":"a@example.com"}'],
  ['a bare string', '"a@example.com"'],
  ['null', 'null'],
])('%s is an invalid request', async (_title, body) => {
  const answer = await server.ask('/email/start', { method: 'POST', body });
  expect(answer.status).toBe(400);
  expect(answer.body.error).toBe('invalid_request');
  expect(({} as { x?: unknown }).x).toBeUndefined();
});

test('a body larger than the limit is refused and the connection closed', async () => {
  const answer = await server.ask('/email/start', { method: 'POST', body: `{"email":"${'a'.repeat(70_000)}"}` });
  expect(answer.status).toBe(413);
  expect(answer.body.error).toBe('body_too_large');
  expect(answer.headers.get('connection')).toBe('close');
});

test.each([
  'text/plain',
  'application/xml',
  'multipart/form-data; boundary=x',
  'application/json\u000b',
  'application/jsonx',
])('a body of type %j is not read', async (type) => {
  const { port } = new URL(server.url);
  const body = '{"email":"a@example.com"}';
  const answer = await raw(
    `POST /email/start HTTP/1.1\r\nHost: localhost:${port}\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
  );
  expect(answer).toMatch(/^HTTP\/1\.1 4(15|00)/);
});

test.each([
  ['nothing', ''],
  ['a length of nothing', 'Content-Length: 0\r\n'],
  ['the type of JSON alone', 'Content-Type: application/json\r\n'],
])('a request with %s for a body counts as {}', async (_title, headers) => {
  const ask = (path: string, more = '') =>
    raw(`POST ${path} HTTP/1.1\r\nHost: localhost\r\n${headers}${more}Connection: close\r\n\r\n`);
  const { body } = await server.signIn('bodyless@example.com');
  const options = await ask('/webauthn/register/options', `Authorization: Bearer ${body.access_token}\r\n`);
  expect(options).toMatch(/^HTTP\/1\.1 200/);
  const incomplete = await ask('/email/start');
  expect(incomplete).toMatch(/^HTTP\/1\.1 400/);
  expect(incomplete).toContain('"details":[{"field":"email"');
});

test('a body of null is a body, and no object', async () => {
  const { body } = await server.signIn('null@example.com');
  const token = body.access_token;
  const answer = await server.ask('/webauthn/register/options', { method: 'POST', body: 'null', token });
  expect(answer.status).toBe(400);
});

test('a type that is not read stays refused, also without a body', async () => {
  const headers = 'Content-Type: text/plain\r\nConnection: close';
  expect(await raw(`POST /email/start HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 415/);
});

// T-062
test('a page of somebody else gains nothing by sending a cookie and no body', async () => {
  const headers = { origin: 'https://evil.example', cookie: 'auth_refresh=x' };
  const answer = await server.ask('/api/auth/refresh', { method: 'POST', headers });
  expect([answer.status, answer.body.error]).toEqual([403, 'cross_site_request']);
});

//
test.each([
  ['both lengths', 'Content-Length: 5\r\nTransfer-Encoding: chunked'],
  ['two lengths', 'Content-Length: 5\r\nContent-Length: 6'],
  ['a folded header', 'X-A: b\r\n c: d\r\nContent-Length: 2'],
])('a request with %s is refused', async (_title, headers) => {
  const answer = await raw(`POST /email/start HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n\r\n{}`);
  expect(answer).toMatch(/^HTTP\/1\.1 400/);
});

//
test('a page may load what is its own', async () => {
  const { headers } = await server.ask('/docs');
  expect(headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
  expect(headers.get('content-security-policy')).not.toContain('unsafe');
});

//
test.each(['/jwks', '/nothing', '/healthz'])('%s carries the security headers', async (path) => {
  const { headers } = await server.ask(path);
  expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('referrer-policy')).toBe('no-referrer');
  expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
  // Only a document heeds it.
  expect(headers.get('permissions-policy')).toBeNull();
});

const preflight = (path: string, origin: string) =>
  server.ask(path, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST' } });

// D22
test('a registered origin is echoed exactly, with credentials only where a cookie is', async () => {
  const direct = await preflight('/email/start', APP);
  expect(direct.status).toBe(204);
  expect(direct.headers.get('access-control-allow-origin')).toBe(APP);
  expect(direct.headers.get('access-control-allow-credentials')).toBeNull();
  expect(direct.headers.get('vary')).toContain('Origin');
  const api = await preflight('/api/auth/refresh', APP);
  expect(api.headers.get('access-control-allow-credentials')).toBe('true');
});

// D22
test('an open door is open without cookies, and no page is trusted with them because of it', async () => {
  const open = await startTestServer({ settings: { 'server.allowOrigin': '*' } });
  const headers = { origin: 'https://anybody.example', 'access-control-request-method': 'POST' };
  const answer = await open.ask('/api/auth/refresh', { method: 'OPTIONS', headers });
  expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
  const cookie = 'auth_refresh=x';
  const refused = await open.ask('/api/auth/refresh', { body: {}, headers: { origin: headers.origin, cookie } });
  expect(refused.body.error).toBe('cross_site_request');
  await open.close();
});

// T-062
test.each([
  'null',
  'https://evil.example',
  'http://app.example.com',
  'https://app.example.com.evil.example',
  'https://xapp.example.com',
  'https://app.example.com:444',
])('the origin %s is told nothing', async (origin) => {
  const answer = await preflight('/api/auth/refresh', origin);
  expect(answer.status).toBe(204);
  expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  const refused = await server.ask('/email/start', { body: {}, headers: { origin } });
  expect(refused.headers.get('access-control-allow-origin')).toBeNull();
});

// R496
test('an origin added to the running server is allowed at its next request', async () => {
  const { addOrigin, DEFAULT_CLIENT } = await import('../../tenancy/clients/index.ts');
  const origin = 'https://added.example.com';
  expect((await preflight('/email/start', origin)).headers.get('access-control-allow-origin')).toBeNull();
  await addOrigin(server.house.ground, { clientId: DEFAULT_CLIENT, origin });
  expect((await preflight('/email/start', origin)).headers.get('access-control-allow-origin')).toBe(origin);
});

test('refusals carry CORS too, so that a page can read them', async () => {
  const answer = await server.ask('/me', { headers: { origin: APP } });
  expect(answer.status).toBe(401);
  expect(answer.headers.get('access-control-allow-origin')).toBe(APP);
});

// O-253
test('the public keys may be read by any page, without credentials', async () => {
  const answer = await server.ask('/jwks', { headers: { origin: 'https://anybody.example' } });
  expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
});

// O-251
test('a missing and a bad token are told apart in the challenge', async () => {
  expect((await server.ask('/me')).headers.get('www-authenticate')).toBe('Bearer');
  const bad = await server.ask('/me', { token: 'nonsense' });
  expect(bad.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
});

//
test('X-Forwarded-For of somebody who is no trusted proxy changes nothing', async () => {
  const { body } = await server.signIn('proxy@example.com');
  await server.ask('/api/auth/me', { token: body.access_token, headers: { 'x-forwarded-for': '203.0.113.9' } });
  const { sessions } = (await server.ask('/api/auth/sessions', { token: body.access_token })).body;
  expect(sessions[0].ip).toBe('127.0.0.1');
});

// R010
test('an answer holds what the contract names and nothing else', async () => {
  const { body } = await server.signIn('strip@example.com');
  expect(Object.keys(body).sort()).toEqual([
    'access_token',
    'expires_in',
    'refresh',
    'refresh_token',
    'session_id',
    'token_type',
    'user',
  ]);
  expect(Object.keys(body.user).sort()).toEqual([
    'created_at',
    'display_name',
    'email',
    'email_verified',
    'id',
    'role',
    'roles',
  ]);
});

test('the OpenAPI document describes every API route with its access', async () => {
  const { body } = await server.ask('/docs/openapi.json');
  expect(body.openapi).toBe('3.1.0');
  expect(body.paths['/session/refresh'].post).toMatchObject({
    'x-access': 'direct',
    operationId: 'postSessionRefresh',
  });
  expect(body.components.schemas.TokenAnswer.required).toContain('access_token');
  const isNeeded = (path: string) => body.paths[path].post.requestBody.required;
  expect([isNeeded('/email/start'), isNeeded('/webauthn/register/options')]).toEqual([true, false]);
  const yaml = await server.ask('/docs/openapi.yaml');
  expect(yaml.text).toContain('openapi: 3.1.0');
});

test('a route without a guard for its access does not start', async () => {
  const { createHttpServer, defineRoute } = await import('./index.ts');
  const orphan = defineRoute({
    method: 'GET',
    path: '/x',
    access: 'nobody' as 'public',
    tag: 'x',
    summary: 'x',
    responses: {},
    handle: () => ({}),
  });
  const http = createHttpServer(bareHttp([orphan]));
  await expect(http.listen({ host: '127.0.0.1', port: 0 })).rejects.toThrow('no access that anybody guards');
});
