import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { databaseKinds } from '../../../test/kit/databases.ts';
import { createFakeClock } from '../../../test/kit/fake-clock.ts';
import { startTestServer, type TestServer } from '../../../test/kit/test-server.ts';

const PATH = '/api/admin/config';

describe.each(databaseKinds())('on $name', (kind) => {
  let one: TestServer;
  let two: TestServer;
  let forget: () => void;
  const clock = createFakeClock();
  const change = (body: unknown) => one.askAsOwner(PATH, { method: 'PATCH', body });
  const read = async (server = one) => (await server.askAsOwner(PATH)).body;
  const everything = [
    'tokens',
    'origins',
    'webauthn',
    'sign_in',
    'lockout',
    'rate_limits',
    'brand',
    'email_codes',
    'audit',
  ];

  beforeAll(async () => {
    const database = await kind.create();
    forget = database.forget;
    const settings = { 'server.issuer': 'http://localhost:7777', 'emailCodes.ttl': '5m' } as const;
    one = await startTestServer({ database: database.url, settings, clock });
    two = await startTestServer({ database: database.url, settings, clock });
  });
  beforeEach(async () => {
    const back = await change(Object.fromEntries(everything.map((group) => [group, null])));
    expect(back.status).toBe(200);
    await two.house.ground.runtime.refresh();
  });
  afterAll(async () => {
    await one?.close();
    await two?.close();
    forget?.();
  });

  // R483, R486, D19
  test('the environment fills what nobody touched; what an administrator set wins until it is given back', async () => {
    const before = await read();
    expect(before.config.email_codes.ttl_seconds).toBe(300);
    expect(before.sources['email_codes.ttl_seconds'].source).toBe('environment');
    expect(before.sources['brand.name'].source).toBe('default');
    const { body } = await change({ email_codes: { ttl_seconds: 120 }, brand: { name: 'Shop' } });
    expect(body.config.email_codes.ttl_seconds).toBe(120);
    expect(body.sources['email_codes.ttl_seconds']).toEqual({
      source: 'administrator',
      updated_at: new Date(clock.now()).toISOString(),
      updated_by: 'break_glass',
    });
    expect(body.config.webauthn.display_name).toBe('Shop');
    const after = (await change({ email_codes: { ttl_seconds: null } })).body;
    expect(after.config.email_codes.ttl_seconds).toBe(300);
    expect(after.sources['email_codes.ttl_seconds'].source).toBe('environment');
    expect(after.config.brand.name).toBe('Shop');
    expect(after.revision).toBe(body.revision + 1);
  });

  test('a change is in force at once here, and on the other node as soon as it looks', async () => {
    await change({ tokens: { access_ttl_seconds: 120 } });
    expect((await one.signIn()).body.expires_in).toBe(120);
    await two.house.ground.runtime.refresh();
    expect((await two.signIn()).body.expires_in).toBe(120);
    expect((await read(two)).config).toEqual((await read(one)).config);
  });

  test('sessions, codes, origins, limits, retention and brand follow', async () => {
    const { body } = await change({
      tokens: { refresh_ttl_seconds: 3600, session_idle_seconds: 1800 },
      email_codes: { ttl_seconds: 60 },
      origins: { allowed: ['https://added.example'] },
      rate_limits: { email_per_address: 2 },
      audit: { retention_days: 1 },
      brand: { name: 'Renamed', color: '#123456' },
    });
    expect(body.config.tokens.session_idle_seconds).toBe(1800);
    const start = () => one.ask('/api/auth/email-code/send', { body: { email: 'live@example.com' } });
    expect((await start()).body.expires_in).toBe(60);
    expect((await one.mailTo('live@example.com')).subject).toContain('Renamed');
    const code = await one.codeFor('live@example.com');
    const signedIn = await one.ask('/email/verify', { body: { email: 'live@example.com', code } });
    expect(signedIn.body.refresh.expires_in).toBe(3600);
    await start();
    expect((await start()).body.error).toBe('rate_limited');
    const preflight = await one.ask('/me', { method: 'OPTIONS', headers: { origin: 'https://added.example' } });
    expect(preflight.headers.get('access-control-allow-origin')).toBe('https://added.example');
    expect((await one.ask('/login')).text).toContain('Renamed');
    const row = await one.house.ground.database.read.query
      .selectFrom('audit_events')
      .select(['created_at', 'retention_until'])
      .where('metadata', 'like', '%live@example.com%')
      .executeTakeFirstOrThrow();
    expect(Number(row.retention_until) - Number(row.created_at)).toBe(86_400_000);
  });

  // R484
  test('a login method that is switched off is refused at every address, and gone from the page', async () => {
    await change({ sign_in: { login_methods: ['passkey'] } });
    const refused = async (path: string, body: object) => (await one.ask(path, { body })).body.error;
    const email = 'off@example.com';
    expect(await refused('/email/start', { email })).toBe('login_method_disabled');
    expect(await refused('/api/auth/email-code/send', { email })).toBe('login_method_disabled');
    expect(await refused('/email/verify', { email, code: '123456' })).toBe('login_method_disabled');
    expect((await one.ask('/login')).text).not.toContain('login-submit');
    await change({ sign_in: { login_methods: ['email_otp'] } });
    expect(await refused('/webauthn/authenticate/options', {})).toBe('login_method_disabled');
    expect((await one.ask('/login')).text).not.toContain('data-passkey-sign-in');
  });

  // R314
  test('a change is told with both states and who made it, and a change of nothing is not told', async () => {
    await change({ lockout: { max_failures: 5 } });
    await change({ lockout: { max_failures: 5 } });
    const rows = await one.house.ground.database.read.query
      .selectFrom('audit_events')
      .select(['actor_type', 'metadata'])
      .where('event_type', '=', 'system_config_updated')
      .orderBy('id', 'desc')
      .execute();
    const told = rows.filter((row) => row.metadata.includes('"lockout.max_failures":5}'));
    expect(told).toHaveLength(1);
    expect(told[0]?.actor_type).toBe('break_glass');
    expect(JSON.parse(told[0]?.metadata ?? '')).toEqual({
      before: { 'lockout.max_failures': 10 },
      after: { 'lockout.max_failures': 5 },
    });
  });

  // R314
  test('a value that is held on to, though nothing differs yet, is told with where it came from', async () => {
    const { audit } = (await one.askAsOwner(PATH)).body.config;
    const days = audit.retention_days;
    const told = async () => {
      const { query } = one.house.ground.database.read;
      const rows = query
        .selectFrom('audit_events')
        .select('metadata')
        .where('event_type', '=', 'system_config_updated');
      const [newest] = await rows.orderBy('id', 'desc').limit(1).execute();
      return JSON.parse(newest?.metadata ?? '');
    };
    await change({ audit: { retention_days: null } });
    await change({ audit: { retention_days: days } });
    const name = 'audit.retention_days';
    const sources = { before: { [name]: 'default' }, after: { [name]: 'administrator' } };
    expect(await told()).toEqual({ before: {}, after: {}, sources });
    await change({ audit: { retention_days: null } });
    expect((await told()).sources.after).toEqual({ [name]: 'default' });
  });

  // T-080
  test.each([
    [{ nonsense: {} }, 'nonsense'],
    [{ brand: { nonsense: 1 } }, 'brand.nonsense'],
    [{ brand: 'x' }, 'brand'],
    [{ brand: { name: '' } }, 'brand.name'],
    [{ brand: { color: 'red' } }, 'brand.color'],
    [{ tokens: { access_ttl_seconds: '900' } }, 'tokens.access_ttl_seconds'],
    [{ tokens: { access_ttl_seconds: 1 } }, 'tokens.access_ttl_seconds'],
    [{ tokens: { access_ttl_seconds: { a: 1 } } }, 'tokens.access_ttl_seconds'],
    [{ tokens: { refresh_ttl_seconds: 60 } }, 'tokens.access_ttl_seconds'],
    [{ origins: { allowed: ['https://a.example/path'] } }, 'origins.allowed.0'],
    [{ webauthn: { rp_origins: ['*'] } }, 'webauthn.rp_origins.0'],
    [{ webauthn: { rp_id: 'https://a.example' } }, 'webauthn.rp_id'],
    [{ sign_in: { login_methods: ['carrier_pigeon'] } }, 'sign_in.login_methods.0'],
    [{ secrets: { current: 'x' } }, 'secrets'],
    [{ smtp: { password: 'x' } }, 'smtp'],
  ])('%j is refused naming %s, and changes nothing', async (body, field) => {
    const before = await read();
    const answer = await change(body);
    expect([answer.status, answer.body.error]).toEqual([400, 'invalid_request']);
    expect(answer.body.details.map((problem: { field: string }) => problem.field)).toContain(field);
    expect(await read()).toEqual(before);
  });

  test.each([[[]], ['x'], [1], [null]])('a body that is no object is refused: %j', async (body) => {
    expect((await change(body)).status).toBe(400);
  });

  test('a change that would lock everybody out is refused with the reason', async () => {
    const answer = await change({ sign_in: { login_methods: [] } });
    expect([answer.status, answer.body.error]).toEqual([409, 'config_locks_out']);
    expect(answer.body.reason).toBe('no login method would be left that this server has');
    expect((await one.signIn()).status).toBe(200);
  });

  test('nobody reads or changes it without an administration key', async () => {
    expect((await one.ask(PATH)).status).toBe(401);
    expect((await one.ask(PATH, { method: 'PATCH', body: {} })).status).toBe(401);
    expect((await one.ask(`${PATH}/schema`)).status).toBe(401);
  });

  test('the shape names every setting that is shown', async () => {
    const { properties } = (await one.askAsOwner(`${PATH}/schema`)).body;
    expect(Object.keys(properties)).toEqual(everything);
    for (const name of Object.keys((await read()).sources)) {
      const [group = '', setting = ''] = name.split('.');
      expect(properties[group].properties).toHaveProperty(setting);
    }
  });

  test('a stored value that this version cannot read gives way to the environment', async () => {
    await change({ email_codes: { ttl_seconds: 120 } });
    const { database, runtime } = one.house.ground;
    await database.write((tx) =>
      tx.query.updateTable('system_config').set({ value: '7' }).where('name', '=', 'email_codes.ttl_seconds').execute(),
    );
    await change({ brand: { name: 'Later' } });
    expect(runtime.current().email_codes.ttl_seconds).toBe(300);
  });

  test('changes at once by two nodes are both there afterwards', async () => {
    const patch = (server: TestServer, body: object) => server.askAsOwner(PATH, { method: 'PATCH', body });
    await Promise.all([
      patch(one, { brand: { name: 'Both' } }),
      patch(two, { audit: { retention_days: 30 } }),
      patch(one, { lockout: { max_failures: 7 } }),
    ]);
    const { config } = await read(two);
    expect([config.brand.name, config.audit.retention_days, config.lockout.max_failures]).toEqual(['Both', 30, 7]);
  });
});
