import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  accept,
  codeAt,
  createAdministrator,
  invite,
  login,
  nextCode,
  PASSWORD,
  type Person,
  signInAdministrator,
  tokenOf,
} from '../../../test/kit/administrators.ts';
import { createAuthenticator } from '../../../test/kit/authenticator.ts';
import { startTestServer, type TestServer } from '../../../test/kit/test-server.ts';

const PATH = '/api/admin/auth';
const QUARTER_MS = 900_000;
let server: TestServer;
let ada: Person;

beforeAll(async () => {
  server = await startTestServer();
  ada = await createAdministrator(server, 'ada@example.com');
});
afterAll(() => server.close());

const me = (token: string) => server.ask(`${PATH}/me`, { token });
const mfa = (challenge_token: string, code: string) => server.ask(`${PATH}/mfa`, { body: { challenge_token, code } });
const eventsNamed = (name: string) =>
  server.house.ground.database.read.query
    .selectFrom('audit_events')
    .selectAll()
    .where('event_type', '=', name)
    .orderBy('id')
    .execute();

//
test('a fresh installation has no administrator and no user', async () => {
  const fresh = await startTestServer();
  const { read } = fresh.house.ground.database;
  expect(await read.query.selectFrom('users').select('id').execute()).toEqual([]);
  expect((await fresh.askAsOwner('/api/admin/users')).body.items).toEqual([]);
  await fresh.close();
});

//
test('a password alone gives a challenge and never a token', async () => {
  const answer = await login(server, 'ada@example.com');
  expect(answer.body).toEqual({
    status: 'mfa_required',
    challenge_token: expect.stringMatching(/^gh_ac_/),
    factors: ['totp'],
    expires_in: 300,
  });
  expect((await me(answer.body.challenge_token)).status).toBe(401);
});

test('password and code give a token of an administrator', async () => {
  const answer = await signInAdministrator(server, ada);
  expect(answer.body).toMatchObject({
    token_type: 'Bearer',
    expires_in: 28_800,
    admin: { email: 'ada@example.com', roles: ['owner'], scope: { kind: 'all' }, status: 'active' },
  });
  const self = (await me(answer.body.access_token)).body;
  expect(self.permissions).toContain('admins:write');
  const [header] = answer.body.access_token.split('.');
  expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toEqual({ alg: 'HS256', typ: 'admin+jwt' });
});

test('the answer to an address in another spelling is the same administrator', async () => {
  expect((await login(server, ' ADA@Example.com ')).status).toBe(200);
});

//
test('tokens of administrators and of users are good for their own routes only', async () => {
  const user = (await server.signIn('user@example.com')).body.access_token;
  expect((await server.ask('/api/admin/users', { token: user })).body.error).toBe('invalid_admin_token');
  expect((await me(user)).body.error).toBe('invalid_admin_token');
  for (const path of ['/me', '/api/auth/me', '/api/auth/sessions']) {
    expect((await server.ask(path, { token: ada.token })).status).toBe(401);
  }
});

// T-050, T-051, A-070
test.each([
  ['no signature', (token: string) => token.replace(/[^.]+$/, '')],
  [
    'another payload',
    (token: string) => token.replace(/\.[^.]+\./, `.${Buffer.from('{"sub":"x"}').toString('base64url')}.`),
  ],
  [
    'another type',
    (token: string) => token.replace(/^[^.]+/, Buffer.from('{"alg":"HS256","typ":"at+jwt"}').toString('base64url')),
  ],
  [
    'no algorithm',
    (token: string) => token.replace(/^[^.]+/, Buffer.from('{"alg":"none","typ":"admin+jwt"}').toString('base64url')),
  ],
  ['a part too many', (token: string) => `${token}.x`],
])('a token with %s is refused', async (_title, change) => {
  expect((await me(ada.token)).status).toBe(200);
  expect((await me(change(ada.token))).body.error).toBe('invalid_admin_token');
});

//
test('a code is good once, in one sign-in', async () => {
  const first = (await login(server, ada.email)).body.challenge_token;
  const second = (await login(server, ada.email)).body.challenge_token;
  const code = nextCode(server, ada.secret);
  expect((await mfa(first, code)).status).toBe(200);
  expect((await mfa(second, code)).body.error).toBe('invalid_admin_factor');
});

//
test('the code of the step before is taken, that of two steps before is not', async () => {
  const { challenge_token } = (await login(server, ada.email)).body;
  server.clock.advance(90_000);
  expect((await mfa(challenge_token, codeAt(server, ada.secret, -2))).body.error).toBe('invalid_admin_factor');
  expect((await mfa(challenge_token, codeAt(server, ada.secret, -1))).status).toBe(200);
});

// D9
test('a challenge is good for one sign-in and for five minutes', async () => {
  const { challenge_token } = (await login(server, ada.email)).body;
  expect((await mfa(challenge_token, nextCode(server, ada.secret))).status).toBe(200);
  expect((await mfa(challenge_token, nextCode(server, ada.secret))).body.error).toBe('invalid_admin_challenge');
  const late = (await login(server, ada.email)).body.challenge_token;
  server.clock.advance(300_000);
  expect((await mfa(late, codeAt(server, ada.secret))).body.error).toBe('invalid_admin_challenge');
});

test.each(['nonsense', `gh_ac_01234567-89ab-7000-8000-0123456789ab.${'x'.repeat(43)}`])(
  'the made-up challenge %s is refused',
  async (token) => {
    expect((await mfa(token, '000000')).body.error).toBe('invalid_admin_challenge');
  },
);

// D10, T-030
test('an unknown address, a wrong password, somebody invited and somebody suspended are answered alike', async () => {
  await invite(server, 'invited@example.com');
  const gone = await createAdministrator(server, 'suspended@example.com', { roles: ['support_admin'] });
  await server.askAsOwner(`/api/admin/users/${gone.id}`, { method: 'PATCH', body: { status: 'suspended' } });
  const answers = [
    await login(server, 'nobody@example.com'),
    await login(server, ada.email, 'a wrong password'),
    await login(server, 'invited@example.com'),
    await login(server, 'suspended@example.com'),
    await login(server, 'no address at all'),
  ];
  const seen = answers.map(({ status, text, headers }) => {
    const told = [...headers].filter(([name]) => !['date', 'x-request-id'].includes(name));
    return JSON.stringify([status, text.replace(/"request_id":"[^"]+"/, ''), told]);
  });
  expect(answers[0]?.body.error).toBe('invalid_admin_credentials');
  expect(new Set(seen).size).toBe(1);
});

// T-032, D16
test('ten wrong passwords lock an address whether or not it is anybody’s, and a quarter of an hour later it opens', async () => {
  await createAdministrator(server, 'locked@example.com');
  for (const email of ['locked@example.com', 'never-was@example.com']) {
    server.clock.advance(QUARTER_MS);
    // The network is known since the sign-in above: it has ten of its own, as strangers have.
    for (let turn = 0; turn < 10; turn++) expect((await login(server, email, 'wrong password')).status).toBe(401);
    const refused = await login(server, email);
    expect(refused).toMatchObject({ status: 429, body: { error: 'rate_limited' } });
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(900);
  }
  server.clock.advance(QUARTER_MS);
  expect((await login(server, 'locked@example.com')).status).toBe(200);
});

// T-026
test('guesses at codes are counted over all sign-ins of an administrator', async () => {
  const eve = await createAdministrator(server, 'guessed@example.com');
  server.clock.advance(QUARTER_MS);
  const statuses: number[] = [];
  for (let turn = 0; turn < 12; turn++) {
    const { challenge_token } = (await login(server, eve.email)).body;
    statuses.push((await mfa(challenge_token, codeAt(server, eve.secret) === '000000' ? '111111' : '000000')).status);
  }
  expect(statuses.filter((status) => status === 401)).toHaveLength(10);
  expect(statuses.slice(10)).toEqual([429, 429]);
  const { challenge_token } = (await login(server, eve.email)).body;
  expect((await mfa(challenge_token, nextCode(server, eve.secret))).status).toBe(429);
});

// N-11
test('a right password does not forgive wrong codes', async () => {
  const { read } = server.house.ground.database;
  const of = await createAdministrator(server, 'separate@example.com');
  const { challenge_token } = (await login(server, of.email)).body;
  await mfa(challenge_token, '000000');
  await login(server, of.email);
  const rows = await read.query.selectFrom('guess_counts').selectAll().where('subject', '=', of.id).execute();
  const failuresOf = (authenticator: string) =>
    rows.find((row) => row.authenticator === authenticator && row.place === '')?.failures;
  expect(failuresOf('totp')).toBe(1);
  expect(failuresOf('password') ?? 0).toBe(0);
});

//
test('signing out ends the token at once', async () => {
  const { access_token: token } = (await signInAdministrator(server, ada)).body;
  expect((await server.ask(`${PATH}/logout`, { method: 'POST', token })).status).toBe(200);
  expect((await me(token)).status).toBe(401);
  expect((await me(ada.token)).status).toBe(200);
});

test('a token ends with its eight hours', async () => {
  const { access_token: token } = (await signInAdministrator(server, ada)).body;
  server.clock.advance(28_800_000 - 1000);
  expect((await me(token)).status).toBe(200);
  server.clock.advance(1000);
  expect((await me(token)).status).toBe(401);
  ada = { ...ada, token: (await signInAdministrator(server, ada)).body.access_token };
});

// D15
test('what needs a recent proof asks for one, and a second factor gives it', async () => {
  server.clock.advance(301_000);
  const body = { email: 'later@example.com', roles: ['billing_admin'], scope: { kind: 'all' } };
  const stale = await server.ask('/api/admin/users', { body, token: ada.token });
  expect(stale.body.error).toBe('admin_step_up_required');
  const code = nextCode(server, ada.secret);
  const fresh = await server.ask(`${PATH}/step-up`, { body: { code }, token: ada.token });
  expect(fresh.status).toBe(200);
  expect((await server.ask('/api/admin/users', { body, token: fresh.body.access_token })).status).toBe(201);
  expect((await server.ask(`${PATH}/step-up`, { body: { code }, token: ada.token })).status).toBe(401);
});

test('a passkey is a second factor, and one of somebody else is not', async () => {
  const headers = { origin: server.url };
  const key = createAuthenticator(server.url);
  const post = (path: string, body: unknown, token?: string) =>
    server.ask(`${PATH}${path}`, { body, headers, ...(token && { token }) });
  const { access_token: token } = (await signInAdministrator(server, ada)).body;
  const options = (await post('/passkeys/options', {}, token)).body;
  const credential = key.register(options.publicKey);
  const added = await post('/passkeys', { request_id: options.request_id, credential }, token);
  expect(added.status).toBe(201);
  const use = async (email: string) => {
    const { challenge_token, factors } = (await login(server, email)).body;
    const { request_id, publicKey } = (await post('/passkey/options', {})).body;
    const passkey = { request_id, credential: key.authenticate(publicKey) };
    return { factors, answer: await post('/mfa', { challenge_token, passkey }) };
  };
  const own = await use(ada.email);
  expect(own.factors).toEqual(['totp', 'passkey']);
  expect(own.answer.status).toBe(200);
  const other = await createAdministrator(server, 'other@example.com');
  expect((await use(other.email)).answer.body.error).toBe('invalid_webauthn_authentication');
  expect((await server.ask(`${PATH}/passkeys`, { token })).body.passkeys).toHaveLength(1);
  const removed = await server.ask(`${PATH}/passkeys/${added.body.id}`, { method: 'DELETE', token });
  expect(removed.status).toBe(200);
  expect((await use(ada.email)).answer.body.error).toBe('invalid_webauthn_authentication');
});

test('a second factor is one of the two, never both or none', async () => {
  const { challenge_token } = (await login(server, ada.email)).body;
  expect((await server.ask(`${PATH}/mfa`, { body: { challenge_token } })).body.error).toBe('invalid_request');
});

//
test('an invitation works once, and never after seven days', async () => {
  const invited = await invite(server, 'once@example.com');
  await accept(server, invited);
  const again = { body: { token: tokenOf(invited), password: PASSWORD } };
  expect((await server.ask(`${PATH}/invitation`, again)).body.error).toBe('invalid_invitation');
  const late = await invite(server, 'late@example.com');
  server.clock.advance(7 * 86_400_000);
  const body = { token: tokenOf(late), password: PASSWORD };
  expect((await server.ask(`${PATH}/invitation`, { body })).body.error).toBe('invalid_invitation');
});

//
test('whoever comes second with the same link changes nothing of what the first has chosen', async () => {
  const invited = await invite(server, 'raced@example.com');
  const start = (password: string) =>
    server.ask(`${PATH}/invitation`, { body: { token: tokenOf(invited), password } }).then((answer) => answer.body);
  const slow = await start('the slow one takes this');
  const secret = await accept(server, invited);
  const confirm = { challenge_token: slow.challenge_token, code: codeAt(server, slow.totp.secret) };
  const refused = await server.ask(`${PATH}/invitation/confirm`, { body: confirm });
  expect(refused.body.error).toBe('invalid_invitation');
  expect((await login(server, 'raced@example.com', 'the slow one takes this')).status).toBe(401);
  expect((await signInAdministrator(server, { email: 'raced@example.com', secret })).status).toBe(200);
});

// N-05
test.each([
  ['short', 'a1b2c3d', 'too_short'],
  ['common', 'Trustno1', 'common'],
  ['their own address', 'short@example.com', 'personal'],
  ['the name of the service', 'gatehouse', 'personal'],
])('a password that is %s is refused with the reason', async (_title, password, reason) => {
  const invited = await invite(server, 'short@example.com');
  const { id } = invited.body.administrator;
  const answer = await server.ask(`${PATH}/invitation`, { body: { token: tokenOf(invited), password } });
  expect(answer.body).toMatchObject({ error: 'password_refused', reason });
  await server.askAsOwner(`/api/admin/users/${id}`, { method: 'DELETE' });
});

// A-008, N-03
test('a password counts whole: case, spaces, what follows a null byte, and either form of an accent', async () => {
  const password = ` Ünter den Linden\0 ${'x'.repeat(80)}1`;
  await accept(server, await invite(server, 'whole@example.com'), password);
  const status = async (typed: string) => (await login(server, 'whole@example.com', typed)).status;
  expect(await status(password.normalize('NFD'))).toBe(200);
  expect(await status(password.trim())).toBe(401);
  expect(await status(password.toLowerCase())).toBe(401);
  expect(await status(password.slice(0, -1))).toBe(401);
  expect(await status(password.split('\0')[0] ?? '')).toBe(401);
});

//
test('a password does not grow old', async () => {
  server.clock.advance(5 * 365 * 86_400_000);
  expect((await login(server, ada.email)).status).toBe(200);
});

// N-08, N-09, A-024
test('the database holds neither a password hash nor a secret in the clear', async () => {
  const { read } = server.house.ground.database;
  const passwords = await read.query.selectFrom('passwords').selectAll().execute();
  const secrets = await read.query.selectFrom('totp_secrets').selectAll().execute();
  expect(passwords.length).toBeGreaterThan(0);
  expect(JSON.stringify(passwords)).not.toContain('argon2');
  expect(JSON.stringify(secrets)).not.toContain(ada.secret);
});

test('what administrators do to sign in is written down', async () => {
  expect((await eventsNamed('admin_login_success')).at(-1)).toMatchObject({ client_id: 'administrators' });
  const failures = await eventsNamed('admin_login_failed');
  expect(failures.length).toBeGreaterThan(0);
  expect(JSON.stringify(failures)).not.toContain('wrong password');
});

// D2, T-071
test('nobody speaks for the client of administrators', async () => {
  const answer = await server.ask('/api/auth/email-code/send?client_id=administrators', { body: { email: ada.email } });
  expect(answer.body.error).toBe('invalid_client');
  expect((await server.askAsOwner('/api/admin/clients/administrators/users')).body.error).toBe('client_not_found');
});

test.each([
  ['/login', { email: 'ada@example.com', password: PASSWORD, admin: true }, 'admin'],
  ['/mfa', { challenge_token: 'x', code: '000000', factor: 'totp' }, 'factor'],
  ['/invitation', { token: 'x', password: PASSWORD, role: 'owner' }, 'role'],
  ['/invitation/confirm', { challenge_token: 'x', code: '000000', email: 'x' }, 'email'],
])('%s refuses a field it does not know, by name', async (path, body, field) => {
  const answer = await server.ask(`${PATH}${path}`, { body });
  expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request', details: [{ field }] } });
});
