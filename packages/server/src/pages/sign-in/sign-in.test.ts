import { afterAll, beforeAll, expect, test } from 'vitest';
import { createVisitor } from '../../../test/kit/page-visitor.ts';
import { startTestServer, type TestServer } from '../../../test/kit/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const wrongFor = (code: string) => (code === '000000' ? '000001' : '000000');

test('somebody new signs in without a script: address, code, account', async () => {
  const visitor = createVisitor(server);
  expect((await visitor.open('/')).headers.get('location')).toBe('/login');
  expect((await visitor.open('/login')).text).toContain('We will send a six-digit code');
  const sent = await visitor.submit('/login', { email: ' New@Example.com ' });
  expect([sent.status, sent.headers.get('location')]).toEqual([303, '/login/code']);
  expect((await visitor.open('/login/code')).text).toContain('<strong>new@example.com</strong>');
  const code = await server.codeFor('new@example.com');
  const entered = await visitor.submit('/login/code', { code: `${code.slice(0, 3)} ${code.slice(3)}` });
  expect([entered.status, entered.headers.get('location')]).toEqual([303, '/account']);
  expect((await visitor.open('/account')).text).toContain('new@example.com');
  expect((await visitor.open('/')).headers.get('location')).toBe('/account');
  expect((await visitor.open('/login')).headers.get('location')).toBe('/account');
});

test('a wrong code says how many tries are left, and keeps what was typed', async () => {
  const visitor = createVisitor(server);
  await visitor.open('/login');
  await visitor.submit('/login', { email: 'typo@example.com' });
  const wrong = wrongFor(await server.codeFor('typo@example.com'));
  const first = await visitor.submit('/login/code', { code: wrong });
  expect(first.status).toBe(401);
  expect(first.text).toContain('You have 4 more tries');
  expect(first.text).toContain(`value="${wrong}"`);
  expect(first.text).toMatch(/role="alert" id="problem"/);
  expect(first.text).toMatch(/<input[^>]+aria-invalid="true"[^>]+autofocus/);
  for (let i = 0; i < 2; i++) await visitor.submit('/login/code', { code: wrong });
  expect((await visitor.submit('/login/code', { code: wrong })).text).toContain('one more try');
  expect((await visitor.submit('/login/code', { code: wrong })).text).toContain('no longer works');
});

test('half a code costs no try', async () => {
  const visitor = createVisitor(server);
  await visitor.open('/login');
  await visitor.submit('/login', { email: 'half@example.com' });
  for (let i = 0; i < 6; i++)
    expect((await visitor.submit('/login/code', { code: '12' })).text).toContain('six digits');
  const entered = await visitor.submit('/login/code', { code: await server.codeFor('half@example.com') });
  expect(entered.status).toBe(303);
});

test('a new code voids the one before, and the page says so once', async () => {
  const visitor = createVisitor(server);
  await visitor.open('/login');
  await visitor.submit('/login', { email: 'again@example.com' });
  const old = await server.codeFor('again@example.com');
  expect((await visitor.submit('/login/code/new')).headers.get('location')).toBe('/login/code');
  expect((await visitor.open('/login/code')).text).toContain('A new code is on its way');
  expect((await visitor.open('/login/code')).text).not.toContain('A new code is on its way');
  const code = await server.codeFor('again@example.com');
  if (code !== old) expect((await visitor.submit('/login/code', { code: old })).status).toBe(401);
  expect((await visitor.submit('/login/code', { code })).status).toBe(303);
});

test('what is no address is said on the page, and stays in the field', async () => {
  const visitor = createVisitor(server);
  await visitor.open('/login');
  const answer = await visitor.submit('/login', { email: 'no"address' });
  expect(answer.status).toBe(400);
  expect(answer.text).toContain('value="no&quot;address"');
  expect(answer.text).toContain('role="alert"');
});

//
test('a code asked for in one browser is refused in another', async () => {
  const [mine, theirs] = [createVisitor(server), createVisitor(server)];
  for (const visitor of [theirs, mine]) {
    await visitor.open('/login');
    await visitor.submit('/login', { email: 'victim@example.com' });
  }
  const code = await server.codeFor('victim@example.com');
  expect((await theirs.submit('/login/code', { code })).status).toBe(401);
  expect([...theirs.cookies.keys()]).not.toContain('gatehouse_session');
});

test('the page that asks for a code leads back when this browser has asked for none', async () => {
  const visitor = createVisitor(server);
  expect((await visitor.open('/login/code')).headers.get('location')).toBe('/login');
  await visitor.open('/login');
  expect((await visitor.submit('/login/code', { code: '123456' })).headers.get('location')).toBe('/login');
});

test('a sign-in left alone for an hour starts anew', async () => {
  const visitor = createVisitor(server);
  await visitor.open('/login');
  await visitor.submit('/login', { email: 'late@example.com' });
  server.clock.advance(3_600_001);
  expect((await visitor.open('/login/code')).headers.get('location')).toBe('/login');
});

const EVIL = [
  '//evil.example',
  '///evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  'https:evil.example',
  'https:/evil.example',
  'https://evil.example',
  '/\t/evil.example',
  '%09//evil.example',
  'HTTP://127.0.0.1@evil.example',
  'http://127.0.0.1.evil.example',
  'http://evil。example',
  '/.//evil.example/..//x\u0000',
  'javascript:alert(1)',
  'data:text/html,x',
];

// T-055
test.each(EVIL)('return_to %j leads nowhere else', async (evil) => {
  const visitor = createVisitor(server);
  const done = await visitor.signIn('ada@example.com', `/login?return_to=${encodeURIComponent(evil)}`);
  expect(done.headers.get('location')).toBe('/account');
});

// T-055
test('a path that normalises to two slashes stays on this server', async () => {
  const visitor = createVisitor(server);
  const done = await visitor.signIn('ada@example.com', '/login?return_to=/.//evil.example');
  expect(new URL(done.headers.get('location') ?? '', server.url).origin).toBe(server.url);
});

test('a path of this server and a registered origin are returned to', async () => {
  const own = await startTestServer({ settings: { 'server.allowOrigin': 'https://app.example.com' } });
  const here = await createVisitor(own).signIn('a@example.com', '/login?return_to=/logout');
  expect(here.headers.get('location')).toBe(`${own.url}/logout`);
  const target = 'https://app.example.com/in?x=1';
  const visitor = createVisitor(own);
  const page = await visitor.open(`/login?return_to=${encodeURIComponent(target)}`);
  expect(page.headers.get('content-security-policy')).toContain("form-action 'self' https://app.example.com;");
  expect((await visitor.signIn('b@example.com')).headers.get('location')).toBe(target);
  await own.close();
});

// T-056
test('signing in gives a new session, whatever the browser brought along', async () => {
  const visitor = createVisitor(server);
  await visitor.signIn('fix@example.com');
  const first = visitor.cookies.get('gatehouse_session') ?? '';
  await visitor.signIn('fix@example.com', `/login?again=1&session_id=${first}`);
  const second = visitor.cookies.get('gatehouse_session') ?? '';
  expect(second.split('.')[0]).not.toBe(first.split('.')[0]);
  const old = createVisitor(server);
  old.cookies.set('gatehouse_session', first);
  expect((await old.open('/account')).status).toBe(303);
});

test('a form drawn before the sign-in is void after it', async () => {
  const visitor = createVisitor(server);
  await visitor.open('/login');
  const before = visitor.token();
  await visitor.signIn('void@example.com');
  expect((await visitor.submit('/account/name', { csrf: before, display_name: 'X' })).status).toBe(403);
});

test('an unknown client_id is a page with a sentence', async () => {
  const answer = await createVisitor(server).open('/login?client_id=nobody');
  expect(answer.status).toBe(401);
  expect(answer.text).toContain('This link leads to no product');
});

test('passkey options are for the form’s own browser, and no passkey is no session', async () => {
  const visitor = createVisitor(server);
  await visitor.open('/login');
  const begun = await visitor.post('/login/passkey/options', {});
  expect(begun.body.publicKey.challenge).toMatch(/^[\w-]{43}$/);
  const credential = {
    id: 'AAAA',
    rawId: 'AAAA',
    type: 'public-key',
    response: { clientDataJSON: 'e30', authenticatorData: 'AAAA', signature: 'AAAA' },
  };
  const finished = await visitor.post('/login/passkey/verify', { request_id: begun.body.request_id, credential });
  expect(finished.body.error).toBe('invalid_webauthn_authentication');
  expect([...visitor.cookies.keys()]).not.toContain('gatehouse_session');
});

test('too many wrong guesses from one network are told how long to wait', async () => {
  const own = await startTestServer({ settings: { 'rateLimits.failuresPerIp': '1' } });
  const visitor = createVisitor(own);
  await visitor.open('/login');
  await visitor.submit('/login', { email: 'a@example.com' });
  const wrong = wrongFor(await own.codeFor('a@example.com'));
  await visitor.submit('/login/code', { code: wrong });
  const limited = await visitor.submit('/login/code', { code: wrong });
  expect(limited.status).toBe(429);
  expect(limited.text).toMatch(/Wait \d+ minutes?, then try again/);
  await own.close();
});
