import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../../../test/kit/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const MINUTE = 60_000;
const DAY = 86_400_000;

async function refresh(tokens: { session_id: string; refresh_token: string }) {
  const { session_id, refresh_token } = tokens;
  return server.ask('/session/refresh', { body: { session_id, refresh_token } });
}

// O-080
test('a refresh gives a new refresh token, and the old one is of no further use', async () => {
  const first = (await server.signIn()).body;
  const second = await refresh(first);
  expect(second.status).toBe(200);
  expect(second.body.session_id).toBe(first.session_id);
  expect(second.body.refresh_token).not.toBe(first.refresh_token);
  server.clock.advance(MINUTE);
  expect((await refresh(first)).body.error).toBe('refresh_token_reused');
});

// O-082
test('the token just replaced gets the same successor within the grace window', async () => {
  const first = (await server.signIn()).body;
  const second = (await refresh(first)).body;
  server.clock.advance(9_000);
  const again = await refresh(first);
  expect(again.body.refresh_token).toBe(second.refresh_token);
});

// O-081, T-003
test('a token replayed after the window ends the session for its newest holder too', async () => {
  const first = (await server.signIn()).body;
  const second = (await refresh(first)).body;
  server.clock.advance(MINUTE);
  expect((await refresh(first)).status).toBe(401);
  expect((await refresh(second)).body.error).toBe('session_invalidated');
  expect((await server.ask('/me', { token: second.access_token })).status).toBe(401);
});

// O-083
test('the grandparent of the present token is reuse even inside the window', async () => {
  const first = (await server.signIn()).body;
  const second = (await refresh(first)).body;
  await refresh(second);
  expect((await refresh(first)).body.error).toBe('refresh_token_reused');
});

// O-087, O-091
test('a made-up token with a real session id is refused and ends nobody’s session', async () => {
  const first = (await server.signIn()).body;
  const last = first.refresh_token.at(-1) === 'A' ? 'B' : 'A';
  const forged = { ...first, refresh_token: first.refresh_token.slice(0, -1) + last };
  expect((await refresh(forged)).body.error).toBe('invalid_refresh_token');
  expect((await refresh(first)).status).toBe(200);
});

// O-088, A-044
test('refreshing does not move the absolute end of a session', async () => {
  let tokens = (await server.signIn()).body;
  for (let day = 0; day < 6; day++) {
    server.clock.advance(DAY);
    tokens = (await refresh(tokens)).body;
  }
  server.clock.advance(DAY - 5 * MINUTE);
  const last = (await refresh(tokens)).body;
  expect(last.expires_in).toBe(300);
  server.clock.advance(5 * MINUTE);
  expect((await refresh(last)).body.error).toBe('session_invalidated');
});

//
test('after logout the access token and the refresh token are refused', async () => {
  const tokens = (await server.signIn()).body;
  const out = await server.ask('/session/logout', { method: 'POST', token: tokens.access_token });
  expect(out.body).toEqual({ ok: true });
  expect((await server.ask('/me', { token: tokens.access_token })).body.error).toBe('invalid_access_token');
  expect((await refresh(tokens)).body.error).toBe('session_invalidated');
});

test('the list shows where one is signed in, and one session can be ended by its id', async () => {
  const here = (await server.signIn('list@example.com')).body;
  const there = (await server.signIn('list@example.com')).body;
  const list = await server.ask('/api/auth/sessions', { token: here.access_token });
  expect(list.body.sessions).toHaveLength(2);
  const current = list.body.sessions.find((one: { current: boolean }) => one.current);
  expect(current.id).toBe(here.session_id);
  const ended = await server.ask(`/api/auth/sessions/${there.session_id}`, {
    method: 'DELETE',
    token: here.access_token,
  });
  expect(ended.body).toEqual({ ok: true });
  expect((await refresh(there)).status).toBe(401);
});

// A-050, T-070
test("another user's session is as absent as one that never was", async () => {
  const mine = (await server.signIn('mine@example.com')).body;
  const theirs = (await server.signIn('theirs@example.com')).body;
  const remove = (id: string) => server.ask(`/api/auth/sessions/${id}`, { method: 'DELETE', token: mine.access_token });
  const foreign = await remove(theirs.session_id);
  const absent = await remove('01234567-89ab-7000-8000-0123456789ab');
  expect(foreign.status).toBe(404);
  expect({ ...foreign.body, request_id: '' }).toEqual({ ...absent.body, request_id: '' });
  expect((await refresh(theirs)).status).toBe(200);
});

test('signing out everywhere else keeps this session only', async () => {
  const here = (await server.signIn('else@example.com')).body;
  const there = (await server.signIn('else@example.com')).body;
  const out = await server.ask('/api/auth/sessions?except=current', { method: 'DELETE', token: here.access_token });
  expect(out.body).toEqual({ ok: true, ended: 1 });
  expect((await refresh(there)).status).toBe(401);
  expect((await refresh(here)).status).toBe(200);
});

test.each([
  ['no body', undefined],
  ['malformed JSON', '{'],
  ['a list', []],
  ['a wrong type', { session_id: 1, refresh_token: ['x'] }],
  ['an empty token', { session_id: '01234567-89ab-7000-8000-0123456789ab', refresh_token: '' }],
  ['a foreign form of id', { session_id: 'x', refresh_token: 'x' }],
])('%s is an invalid request', async (_title, body) => {
  const answer = await server.ask('/session/refresh', { method: 'POST', body });
  expect(answer.status).toBe(400);
  expect(answer.body.error).toBe('invalid_request');
  expect(answer.body.request_id).toBeTruthy();
});
