import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../../../test/kit/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const MINUTE = 60_000;
const start = (email: unknown, at = server) => at.ask('/email/start', { body: { email } });
const verify = (email: string, code: string, at = server) => at.ask('/email/verify', { body: { email, code } });
const other = (code: string) => (code === '123456' ? '654321' : '123456');

// R079, R080
test('an address gets a code, and the code makes and signs in its user', async () => {
  expect((await start('new@example.com')).body).toEqual({ ok: true });
  const answer = await verify('new@example.com', await server.codeFor('new@example.com'));
  expect(answer.body).toMatchObject({
    token_type: 'Bearer',
    expires_in: 900,
    user: { email: 'new@example.com', email_verified: true },
  });
  expect(answer.body.refresh).toEqual({ transport: 'json', cookie_name: 'auth_refresh', expires_in: 604_800 });
  const me = await server.ask('/me', { token: answer.body.access_token });
  expect(me.body).toMatchObject({ email: 'new@example.com', active_sessions: [{ id: answer.body.session_id }] });
});

// R036, R037, D5, O-220, O-221
test('an access token of the direct paths says who, where and how, and nothing of the profile unless asked', async () => {
  const email = 'claims@example.com';
  const plain = (await server.signIn(email)).body.access_token;
  const claims = JSON.parse(Buffer.from(plain.split('.')[1], 'base64url').toString());
  expect(claims).toMatchObject({
    iss: server.url,
    aud: 'default',
    client_id: 'default',
    amr: ['otp'],
    acr: 'aal1',
    token_use: 'access',
  });
  expect(claims).not.toHaveProperty('email');
  await start(email);
  const asked = await server.ask('/email/verify', {
    body: { email, code: await server.codeFor(email), claims: 'profile' },
  });
  const profile = JSON.parse(Buffer.from(asked.body.access_token.split('.')[1], 'base64url').toString());
  expect(profile).toMatchObject({ email, email_verified: true, role: 'user', roles: ['user'] });
});

test('the mail says the code, how long it works, and what to do if it was somebody else', async () => {
  await start('mail@example.com');
  const mail = await server.mailTo('mail@example.com');
  expect(mail.subject).toBe('Your Gatehouse verification code');
  expect(mail.text).toMatch(/Your verification code is \d{6}\. It expires in 10 minutes\./);
  expect(mail.text).toContain('If it was not you, do nothing');
});

test('the mail speaks the language the browser asks for', async () => {
  await server.ask('/email/start', {
    body: { email: 'de@example.com' },
    headers: { 'accept-language': 'de-AT,de;q=0.9,en;q=0.5' },
  });
  expect((await server.mailTo('de@example.com')).subject).toBe('Ihr Bestätigungscode für Gatehouse');
});

// D9, T-006
test('a code works once', async () => {
  await start('once@example.com');
  const code = await server.codeFor('once@example.com');
  expect((await verify('once@example.com', code)).status).toBe(200);
  expect((await verify('once@example.com', code)).body.error).toBe('invalid_email_otp');
});

// A-026, N-12
test('a code works to the end of its ten minutes and not beyond', async () => {
  await start('late@example.com');
  const code = await server.codeFor('late@example.com');
  server.clock.advance(10 * MINUTE - 1);
  expect((await verify('late@example.com', code)).status).toBe(200);
  await start('late@example.com');
  const second = await server.codeFor('late@example.com');
  server.clock.advance(10 * MINUTE);
  expect((await verify('late@example.com', second)).status).toBe(401);
});

//
test('a new code voids the one before', async () => {
  await start('twice@example.com');
  const first = await server.codeFor('twice@example.com');
  server.clock.advance(1000);
  await start('twice@example.com');
  const second = await server.codeFor('twice@example.com');
  if (first !== second) expect((await verify('twice@example.com', first)).status).toBe(401);
  expect((await verify('twice@example.com', second)).status).toBe(200);
});

// T-020
test('five wrong guesses use a code up, each told how many are left', async () => {
  await start('five@example.com');
  const code = await server.codeFor('five@example.com');
  for (const left of [4, 3, 2, 1, 0])
    expect((await verify('five@example.com', other(code))).body.tries_left).toBe(left);
  expect((await verify('five@example.com', code)).status).toBe(401);
});

// N-10, N-12, T-020
test('after a hundred wrong guesses in a row codes stop working for the address, however many are sent', async () => {
  const email = 'hundred@example.com';
  for (let round = 0; round < 20; round++) {
    server.clock.advance(MINUTE);
    await start(email);
    const code = await server.codeFor(email);
    for (let guess = 0; guess < 5; guess++) await verify(email, other(code));
  }
  server.clock.advance(MINUTE);
  await start(email);
  expect((await verify(email, await server.codeFor(email))).status).toBe(401);
});

// N-11
test('a right code forgives the wrong ones before it', async () => {
  const email = 'forgive@example.com';
  await start(email);
  const code = await server.codeFor(email);
  await verify(email, other(code));
  await verify(email, code);
  const row = await server.house.ground.database.read.query
    .selectFrom('email_codes')
    .select('failures')
    .where('email', '=', email)
    .executeTakeFirstOrThrow();
  expect(row.failures).toBe(0);
});

// T-024
test.each([
  ['case and space', ' Ada.Lovelace@Example.COM ', 'ada.lovelace@example.com', true],
  ['composed and decomposed letters', 'ame\u0301lie@example.com', 'amélie@example.com', true],
  ['dots', 'adalovelace@example.com', 'ada.lovelace@example.com', false],
  ['plus signs', 'ada.lovelace+x@example.com', 'ada.lovelace@example.com', false],
  ['Cyrillic look-alikes', '\u0430da.lovelace@example.com', 'ada.lovelace@example.com', false],
])('%s: %j is the person of %j: %s', async (...[, typed, stored, same]) => {
  const one = (await server.signIn(stored)).body.user.id;
  const two = (await server.signIn(typed)).body.user.id;
  expect(one === two).toBe(same);
});

// T-045
test.each([
  'a@example.com\r\nBcc: evil@example.com',
  '<a@example.com>,<evil@example.com>',
  'a@example.com, evil@example.com',
  'a b@example.com',
  '@example.com',
  'a@',
  `${'a'.repeat(65)}@example.com`,
  `a@${'b'.repeat(300)}.com`,
])('%j is no address', async (email) => {
  const answer = await start(email);
  expect(answer.status).toBe(400);
  expect(answer.body.error).toBe('invalid_request');
});

//
test.each([[['a@example.com']], [{ $gt: '' }], [1], [null], [true]])(
  '%j as an address is refused naming the field',
  async (email) => {
    const answer = await start(email);
    expect(answer.body).toMatchObject({ error: 'invalid_request', details: [{ field: 'email' }] });
  },
);

test.each(['12345', '1234567', 'abcdef', '12 456', '１２３４５６'])('%j has not the form of a code', async (code) => {
  expect((await verify('form@example.com', code)).body.error).toBe('invalid_request');
});

// T-030
test('a wrong code for a known and for an unknown address are answered alike', async () => {
  await server.signIn('known@example.com');
  const known = await verify('known@example.com', '000000');
  const unknown = await verify('unknown@example.com', '000000');
  expect({ ...known.body, request_id: '' }).toEqual({ ...unknown.body, request_id: '' });
  const started = [await start('known@example.com'), await start('unknown@example.com')];
  expect(started.map((answer) => answer.text)).toEqual(['{"ok":true}', '{"ok":true}']);
});

// T-021
test('an address is sent so many mails an hour, then the answer says when again', async () => {
  const limited = await startTestServer({ settings: { 'rateLimits.emailPerAddress': '3' } });
  for (let i = 0; i < 3; i++) expect((await start('Flood@example.com', limited)).status).toBe(200);
  const refused = await start('flood@example.com', limited);
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await start('other@example.com', limited)).status).toBe(200);
  limited.clock.advance(60 * MINUTE);
  expect((await start('flood@example.com', limited)).status).toBe(200);
  await limited.close();
});

test('a network that guesses wrong too often waits, also with the right code', async () => {
  const limited = await startTestServer({ settings: { 'rateLimits.failuresPerIp': '2' } });
  await start('slow@example.com', limited);
  const code = await limited.codeFor('slow@example.com');
  for (let i = 0; i < 2; i++) await verify('slow@example.com', other(code), limited);
  expect((await verify('slow@example.com', code, limited)).status).toBe(429);
  await limited.close();
});

// R016, D24
test('without any way to send mail the answer says so and nothing is stored', async () => {
  const silent = await startTestServer({ settings: { 'mail.transport': 'smtp' } });
  const answer = await start('nobody@example.com', silent);
  expect(answer.body.error).toBe('smtp_not_configured');
  const rows = await silent.house.ground.database.read.query.selectFrom('email_codes').selectAll().execute();
  expect(rows).toEqual([]);
  await silent.close();
});

// A-041, O-091
test('the database holds no code and no token in clear', async () => {
  const email = 'dump@example.com';
  await start(email);
  const code = await server.codeFor(email);
  const tokens = (await verify(email, code)).body;
  const { query } = server.house.ground.database.read;
  const dump = JSON.stringify([
    await query.selectFrom('email_codes').selectAll().where('email', '=', email).execute(),
    await query.selectFrom('sessions').selectAll().execute(),
    await query.selectFrom('audit_events').selectAll().execute(),
  ]);
  expect(dump).not.toContain(`"${code}"`);
  expect(dump).not.toContain(tokens.refresh_token.split('.')[1]);
});

test('the job that carries a code to the mailbox is sealed while it waits', async () => {
  await start('sealed@example.com');
  const jobs = await server.house.ground.database.read.query.selectFrom('jobs').selectAll().execute();
  expect(jobs).toHaveLength(1);
  expect(JSON.stringify(jobs)).not.toContain('sealed@example.com');
  await server.codeFor('sealed@example.com');
});
