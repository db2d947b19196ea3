import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Answer, startTestServer, type TestServer } from '../../../test/kit/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ settings: { 'server.allowOrigin': 'https://app.example.com' } });
});
afterAll(() => server.close());

async function signIn(query = '', body: object = {}, at = server): Promise<Answer> {
  const email = 'cookie@example.com';
  await at.ask('/api/auth/email-code/send', { body: { email } });
  const code = await at.codeFor(email);
  return at.ask(`/api/auth/email-code/verify${query}`, { body: { email, code, ...body } });
}

const cookieOf = (answer: Answer) => answer.headers.get('set-cookie') ?? '';
const pair = (answer: Answer) => cookieOf(answer).split(';')[0] ?? '';

// D4, R060, R063, R072, A-100
test('unless asked otherwise the refresh token goes into a cookie that scripts cannot read', async () => {
  const answer = await signIn();
  expect(answer.body).not.toHaveProperty('refresh_token');
  expect(answer.body.refresh).toEqual({ transport: 'cookie', cookie_name: 'auth_refresh', expires_in: 604_800 });
  expect(cookieOf(answer)).toMatch(
    /^auth_refresh=gh_rt_[^;]+; Path=\/api\/auth; HttpOnly; SameSite=Lax; Max-Age=604800$/,
  );
});

// R076
test('under an https issuer the cookie is Secure', async () => {
  const secure = await startTestServer({
    settings: { 'server.issuer': 'https://auth.example.com', 'mail.transport': 'console' },
  });
  const { refreshCookie } = await import('./present-tokens.ts');
  expect(refreshCookie(secure.house.rooms.base.cookie, 'x', 1)).toContain('; Secure');
  await secure.close();
});

// R061, R062
test.each([
  ['?token_transport=json', {}],
  ['?session_mode=token', {}],
  ['', { token_transport: 'json' }],
  ['', { session_mode: 'token' }],
])('%s %j brings it in the answer and sets no cookie', async (query, body) => {
  const answer = await signIn(query, body);
  expect(answer.body.refresh_token).toMatch(/^gh_rt_/);
  expect(answer.headers.get('set-cookie')).toBeNull();
});

// R065
test('the direct paths never set a cookie', async () => {
  const answer = await server.signIn('direct@example.com');
  expect(answer.headers.get('set-cookie')).toBeNull();
});

test('a cookie is rotated into a cookie, a body token into a body token', async () => {
  const cookie = pair(await signIn());
  const rotated = await server.ask('/api/auth/refresh', { body: {}, headers: { cookie, origin: server.url } });
  expect(rotated.status).toBe(200);
  expect(pair(rotated)).toMatch(/^auth_refresh=gh_rt_/);
  expect(pair(rotated)).not.toBe(cookie);
  const { refresh_token } = (await signIn('?token_transport=json')).body;
  const plain = await server.ask('/api/auth/refresh', { body: { refresh_token } });
  expect(plain.body.refresh_token).toMatch(/^gh_rt_/);
  expect(plain.headers.get('set-cookie')).toBeNull();
});

// T-060, T-064, R073, N-22
test.each(['/api/auth/refresh', '/api/auth/logout'])(
  '%s with a cookie is refused from anywhere but known pages',
  async (path) => {
    const cookie = pair(await signIn());
    for (const origin of ['https://evil.example', 'null', undefined, 'http://app.example.com']) {
      const answer = await server.ask(path, { body: {}, headers: { cookie, ...(origin && { origin }) } });
      expect(answer.body.error).toBe('cross_site_request');
    }
    const known = await server.ask(path, { body: {}, headers: { cookie, origin: 'https://app.example.com' } });
    expect(known.status).toBe(200);
  },
);

test('signing out takes the cookie away and ends the session', async () => {
  const cookie = pair(await signIn());
  const headers = { cookie, origin: server.url };
  const out = await server.ask('/api/auth/logout', { body: {}, headers });
  expect(cookieOf(out)).toMatch(/^auth_refresh=; .*Max-Age=0$/);
  expect((await server.ask('/api/auth/refresh', { body: {}, headers })).body.error).toBe('session_invalidated');
});

// T-057
test('two cookies of one name are nobody’s', async () => {
  const cookie = pair(await signIn());
  const headers = { cookie: `auth_refresh=planted; ${cookie}`, origin: server.url };
  expect((await server.ask('/api/auth/refresh', { body: {}, headers })).body.error).toBe('invalid_refresh_token');
});

//
test('an idle bound ends a session that is not used, and use moves it', async () => {
  const idle = await startTestServer({ settings: { 'sessions.idleTtl': '1h' } });
  let tokens = (await idle.signIn()).body;
  const refresh = () =>
    idle.ask('/session/refresh', { body: { session_id: tokens.session_id, refresh_token: tokens.refresh_token } });
  idle.clock.advance(59 * 60_000);
  tokens = (await refresh()).body;
  idle.clock.advance(59 * 60_000);
  tokens = (await refresh()).body;
  idle.clock.advance(60 * 60_000);
  expect((await refresh()).body.error).toBe('session_invalidated');
  await idle.close();
});

// O-084
test('with a grace of zero a replaced token is reuse at once', async () => {
  const strict = await startTestServer({ settings: { 'tokens.refreshGrace': '0' } });
  const { session_id, refresh_token } = (await strict.signIn()).body;
  const refresh = () => strict.ask('/session/refresh', { body: { session_id, refresh_token } });
  await refresh();
  expect((await refresh()).body.error).toBe('refresh_token_reused');
  await strict.close();
});

test('the profile is read and changed, and other fields of the body change nothing', async () => {
  const { access_token: token } = (await signIn('?token_transport=json')).body;
  const body = { display_name: 'Ada <b>', role: 'admin', email_verified: false, id: 'x' };
  const changed = await server.ask('/api/auth/me', { method: 'PATCH', body, token });
  expect(changed.body).toMatchObject({ display_name: 'Ada <b>', role: 'user', email_verified: true });
  const { user, session } = (await server.ask('/api/auth/me', { token })).body;
  expect(user).toEqual(changed.body);
  expect(session).toMatchObject({ current: true, amr: ['otp'] });
});
