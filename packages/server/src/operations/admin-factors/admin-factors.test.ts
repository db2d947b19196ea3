import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  codeAt,
  createAdministrator,
  login,
  nextCode,
  PASSWORD,
  type Person,
  signInAdministrator,
} from '../../../test/kit/administrators.ts';
import { startTestServer, type TestServer } from '../../../test/kit/test-server.ts';

const PATH = '/api/admin/auth';
const MINUTE = 60_000;
const FRESH = 'other words, and just as many';
let server: TestServer;
let ada: Person;
let turn = 0;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());
beforeEach(async () => {
  server.clock.advance(15 * MINUTE);
  ada = await createAdministrator(server, `ada-${++turn}@example.com`);
});

const post = (path: string, body?: object, token = ada.token) =>
  server.ask(`${PATH}${path}`, { method: 'POST', token, ...(body && { body }) });
const me = async (token: string) => (await server.ask(`${PATH}/me`, { token })).status;
const change = (current_password: string, new_password: string, token?: string) =>
  post('/password', { current_password, new_password }, token);
const mfa = async (code: string, password = PASSWORD) => {
  const { challenge_token } = (await login(server, ada.email, password)).body;
  return server.ask(`${PATH}/mfa`, { body: { challenge_token, code } });
};
const eventsNamed = (name: string) =>
  server.house.ground.database.read.query
    .selectFrom('audit_events')
    .selectAll()
    .where('event_type', '=', name)
    .where('actor_id', '=', ada.id)
    .execute();

describe('one’s own password', () => {
  //
  test('is changed, which ends every other session and is told by mail and in the audit log', async () => {
    const elsewhere = (await signInAdministrator(server, ada)).body.access_token;
    const underWay = (await login(server, ada.email)).body.challenge_token;
    expect(await change(PASSWORD, FRESH)).toMatchObject({ status: 200, body: { ok: true } });
    expect([await me(ada.token), await me(elsewhere)]).toEqual([200, 401]);
    const body = { challenge_token: underWay, code: nextCode(server, ada.secret) };
    expect((await server.ask(`${PATH}/mfa`, { body })).body.error).toBe('invalid_admin_challenge');
    expect((await login(server, ada.email)).status).toBe(401);
    expect((await login(server, ada.email, FRESH)).status).toBe(200);
    const mail = await server.mailTo(ada.email);
    expect(mail.subject).toBe('Your Gatehouse password was changed');
    expect(mail.text).toContain('tell another administrator');
    expect(mail.text + mail.html).not.toMatch(/https?:\/\/|href=/);
    const [event] = await eventsNamed('admin_password_changed');
    expect(event).toMatchObject({ client_id: 'administrators', target_id: ada.id });
    expect(JSON.stringify(event)).not.toContain(FRESH);
  });

  test('is mailed in the language of the browser', async () => {
    const body = { current_password: PASSWORD, new_password: FRESH };
    const headers = { 'accept-language': 'de-AT,en;q=0.5' };
    await server.ask(`${PATH}/password`, { token: ada.token, body, headers });
    const mail = await server.mailTo(ada.email);
    expect([mail.subject, mail.html]).toEqual([
      'Ihr Passwort bei Gatehouse wurde geändert',
      expect.stringContaining('<html lang="de"'),
    ]);
  });

  //
  test('is guessed at as often as at sign-in, and from the same count', async () => {
    for (let at = 0; at < 5; at++) expect((await change('wrong', FRESH)).body.error).toBe('wrong_current_password');
    for (let at = 0; at < 4; at++) expect((await login(server, ada.email, 'wrong')).status).toBe(401);
    expect((await change('wrong', FRESH)).status).toBe(401);
    const refused = await change(PASSWORD, FRESH);
    expect(refused).toMatchObject({ status: 429, body: { error: 'rate_limited' } });
    expect(refused.headers.get('retry-after')).toBe('900');
    expect(await eventsNamed('admin_password_changed')).toEqual([]);
  });

  test.each([
    ['short', 'too_short'],
    ['password', 'common'],
    ['abcdefghijkl', 'sequence'],
    ['gatehouse', 'personal'],
  ])('is not changed to %s', async (fresh, reason) => {
    expect((await change(PASSWORD, fresh)).body).toMatchObject({ error: 'password_refused', reason });
    expect((await login(server, ada.email)).status).toBe(200);
  });

  test.each([
    [{}, 'current_password'],
    [{ current_password: PASSWORD }, 'new_password'],
    [{ current_password: PASSWORD, new_password: FRESH, is_admin: true }, 'is_admin'],
    [{ current_password: PASSWORD, new_password: 7 }, 'new_password'],
  ])('is not changed by %j', async (body, field) => {
    const answer = await post('/password', body);
    expect([answer.status, answer.body.details?.[0]?.field]).toEqual([400, field]);
  });
});

describe('one’s own authenticator app', () => {
  test('is replaced by a first code of the new one, which is told by mail and in the audit log', async () => {
    const { secret, otpauth_url, expires_in } = (await post('/totp')).body;
    expect([otpauth_url, expires_in]).toEqual([expect.stringContaining(`secret=${secret}`), 900]);
    expect((await mfa(nextCode(server, ada.secret))).status).toBe(200);
    const code = nextCode(server, secret);
    expect(await post('/totp/confirm', { code })).toMatchObject({ status: 200, body: { ok: true } });
    expect((await mfa(code)).body.error).toBe('invalid_admin_factor');
    expect((await mfa(nextCode(server, ada.secret))).body.error).toBe('invalid_admin_factor');
    expect((await mfa(nextCode(server, secret))).status).toBe(200);
    const mail = await server.mailTo(ada.email);
    expect(mail.subject).toBe('Your Gatehouse authenticator app was replaced');
    expect(mail.text + mail.html).not.toMatch(/https?:\/\/|href=/);
    const [event] = await eventsNamed('admin_totp_replaced');
    expect(event).toMatchObject({ client_id: 'administrators', target_id: ada.id });
    expect(JSON.stringify(event)).not.toContain(secret);
  });

  // D15
  test('is replaced only with a proof of the last five minutes, at both steps', async () => {
    const { secret } = (await post('/totp')).body;
    server.clock.advance(5 * MINUTE + 1);
    expect((await post('/totp')).body.error).toBe('admin_step_up_required');
    const late = { code: codeAt(server, secret) };
    expect((await post('/totp/confirm', late)).body.error).toBe('admin_step_up_required');
    await post('/step-up', { code: nextCode(server, ada.secret) });
    expect((await post('/totp/confirm', { code: nextCode(server, secret) })).status).toBe(200);
  });

  test('is replaced once, by the newest secret, from the session that asked for it', async () => {
    const first = (await post('/totp')).body.secret;
    const second = (await post('/totp')).body.secret;
    expect((await post('/totp/confirm', { code: codeAt(server, first) })).body.error).toBe('invalid_admin_factor');
    const elsewhere = (await signInAdministrator(server, ada)).body.access_token;
    const code = nextCode(server, second);
    expect((await post('/totp/confirm', { code }, elsewhere)).body.error).toBe('invalid_admin_challenge');
    const both = await Promise.all([post('/totp/confirm', { code }), post('/totp/confirm', { code })]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 401]);
    expect((await post('/totp/confirm', { code })).body.error).toBe('invalid_admin_challenge');
    expect(await eventsNamed('admin_totp_replaced')).toHaveLength(1);
  });

  test('is not replaced when the first code takes longer than a quarter of an hour', async () => {
    const { secret } = (await post('/totp')).body;
    server.clock.advance(15 * MINUTE);
    await post('/step-up', { code: nextCode(server, ada.secret) });
    expect((await post('/totp/confirm', { code: codeAt(server, secret) })).body.error).toBe('invalid_admin_challenge');
    expect((await mfa(nextCode(server, ada.secret))).status).toBe(200);
  });

  // T-026
  test('takes ten wrong codes, together with those of sign-ins', async () => {
    const { secret } = (await post('/totp')).body;
    for (let at = 0; at < 10; at++) expect((await post('/totp/confirm', { code: '000000' })).status).toBe(401);
    expect((await post('/totp/confirm', { code: nextCode(server, secret) })).status).toBe(429);
    expect((await mfa(nextCode(server, ada.secret))).status).toBe(429);
  });

  test.each([[{}], [{ code: '12345' }], [{ code: 123456 }], [{ code: '123456', secret: 'x' }]])(
    'is not replaced by %j',
    async (body) => {
      expect((await post('/totp/confirm', body)).status).toBe(400);
    },
  );
});

test('the break-glass key has no password and no app to change', async () => {
  for (const path of ['/password', '/totp', '/totp/confirm']) {
    const answer = await server.askAsOwner(`${PATH}${path}`, { body: {} });
    expect([answer.status, answer.body.error]).toEqual([401, 'invalid_admin_token']);
  }
});
