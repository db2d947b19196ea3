import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../../../test/kit/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const ABSENT = '01234567-89ab-7000-8000-0123456789ab';
const BASE = '/api/admin/clients';
const add = (body: object) => server.askAsOwner(BASE, { body });
const patch = (id: string, body: object) => server.askAsOwner(`${BASE}/${id}`, { method: 'PATCH', body });

async function newestEvent(name: string) {
  const row = await server.house.ground.database.read.query
    .selectFrom('audit_events')
    .selectAll()
    .where('event_type', '=', name)
    .orderBy('id', 'desc')
    .executeTakeFirstOrThrow();
  return { ...row, metadata: JSON.parse(row.metadata) };
}

// R308, D3
test('a client is added with all its fields, and its keys are shown this once', async () => {
  const fields = {
    name: 'Café Zürich',
    allowed_origins: ['HTTPS://Shop.Example:443/', 'https://shop.example', 'http://localhost:3000'],
    webhook_url: 'https://shop.example/hooks',
    settings: { auth_ui: { brand_name: 'Café' }, access_token_ttl_seconds: 120 },
  };
  const { status, body } = await add(fields);
  expect(status).toBe(201);
  expect(body.client).toMatchObject({
    ...fields,
    slug: 'cafe-zurich',
    status: 'active',
    token_mode: 'v2_jwks',
    allowed_origins: ['https://shop.example', 'http://localhost:3000'],
  });
  expect(body.api_key).toMatch(/^gh_pk_/);
  expect(body.client_secret).toMatch(/^gh_sk_/);
  expect(body).not.toHaveProperty('jwt_secret');
  const read = (await server.askAsOwner(`${BASE}/${body.client.id}`)).body;
  expect(read).toEqual({ client: body.client });
  const signedIn = await server.ask('/api/auth/email-code/send', {
    body: { email: 'first@example.com' },
    headers: { 'x-api-key': body.api_key },
  });
  expect(signedIn.status).toBe(200);
});

test('a slug that is named and taken is a conflict; one made of the name finds a free place', async () => {
  const first = await add({ name: 'Twice', slug: 'twice' });
  expect(first.status).toBe(201);
  const second = await add({ name: 'Twice', slug: 'twice' });
  expect([second.status, second.body.error]).toEqual([409, 'client_slug_taken']);
  const third = await add({ name: 'Twice' });
  expect(third.body.client.slug).toMatch(/^twice-[a-z0-9]{1,6}$/);
  const moved = await patch(third.body.client.id, { slug: 'twice' });
  expect([moved.status, moved.body.error]).toEqual([409, 'client_slug_taken']);
});

describe('what is refused', () => {
  // T-080
  test.each([
    [{ name: 'X', id: 'mine' }, 'id'],
    [{ name: 'X', status: 'active' }, 'status'],
    [{ name: 'X', created_at: 'now' }, 'created_at'],
    [{ name: 'X', is_admin: true }, 'is_admin'],
    [{ slug: 'x' }, 'name'],
    [{ name: ' ' }, 'name'],
    [{ name: 'X\n' }, 'name'],
    [{ name: 'X', slug: '-x' }, 'slug'],
    [{ name: 'X', slug: 'X' }, 'slug'],
    [{ name: 'X', allowed_origins: ['https://a.example', 'https://a.example/path'] }, 'allowed_origins.1'],
    [{ name: 'X', allowed_origins: ['*'] }, 'allowed_origins.0'],
    [{ name: 'X', allowed_origins: 'https://a.example' }, 'allowed_origins'],
    [{ name: 'X', webhook_url: 'ftp://a.example' }, 'webhook_url'],
    [{ name: 'X', webhook_url: 'https://me:secret@a.example' }, 'webhook_url'],
    [{ name: 'X', settings: { nonsense: 1 } }, 'settings.nonsense'],
    [{ name: 'X', settings: { access_token_ttl_seconds: 1 } }, 'settings.access_token_ttl_seconds'],
    // More than any column holds: every sign-in there would be a fault.
    [{ name: 'X', settings: { session_idle_seconds: 1e300 } }, 'settings.session_idle_seconds'],
    [{ name: 'X', settings: { auth_ui: { primary_color: 'red' } } }, 'settings.auth_ui.primary_color'],
    [{ name: 'X', settings: { auth_ui: { logo_url: 'https://a.example/;script' } } }, 'settings.auth_ui.logo_url'],
    [{ name: 'X', settings: { auth_ui: { is_admin: true } } }, 'settings.auth_ui.is_admin'],
    [{ name: 'X', settings: { signing_algorithm: 'HS256' } }, 'settings.signing_algorithm'],
    [{ name: 'X', token_mode: 'v3' }, 'token_mode'],
  ])('adding %j names the field %s', async (body, field) => {
    const answer = await add(body);
    expect([answer.status, answer.body.error]).toEqual([400, 'invalid_request']);
    expect(answer.body.details.map((one: { field: string }) => one.field)).toContain(field);
  });

  test.each(['id', 'client_id', 'created_at', 'updated_at', 'api_key', 'role', 'scopes'])(
    'a change with the unknown field %s is refused, and nothing of it is done',
    async (field) => {
      const { client } = (await add({ name: 'Still' })).body;
      const answer = await patch(client.id, { name: 'Moved', [field]: 'x' });
      expect([answer.status, answer.body.details[0].field]).toEqual([400, field]);
      expect((await server.askAsOwner(`${BASE}/${client.id}`)).body.client).toEqual(client);
    },
  );

  // T-070
  test.each([ABSENT, 'administrators', 'x', 'default%20'])('there is no client %s', async (id) => {
    const absent = await server.askAsOwner(`${BASE}/${ABSENT}`);
    for (const [method, path] of [
      ['GET', ''],
      ['PATCH', ''],
      ['POST', '/rotate-api-key'],
      ['POST', '/rotate-key'],
      ['POST', '/rotate-client-secret'],
      ['POST', '/rotate-secret'],
      ['POST', '/rotate-jwt'],
    ]) {
      const answer = await server.askAsOwner(`${BASE}/${id}${path}`, {
        ...(method && { method }),
        ...(method === 'GET' ? {} : { body: {} }),
      });
      expect(answer.status).toBe(404);
      expect({ ...answer.body, request_id: '' }).toEqual({ ...absent.body, request_id: '' });
    }
  });

  test('nobody without a key', async () => {
    expect((await server.ask(BASE)).status).toBe(401);
    expect((await server.ask(BASE, { body: { name: 'X' } })).status).toBe(401);
  });

  test('the default client cannot be disabled', async () => {
    const answer = await patch('default', { status: 'disabled' });
    expect([answer.status, answer.body.error]).toEqual([409, 'default_client_required']);
  });
});

// R309
test('the list comes in pages, without the pool of administrators, and can be searched', async () => {
  const { ground } = server.house;
  const { createClient } = await import('../../tenancy/clients/index.ts');
  const reserved = { id: 'administrators', slug: 'administrators', name: 'Administrators' };
  await ground.database.write((tx) => createClient({ ...ground, tx }, reserved)).catch(() => undefined);
  for (const name of ['Alpha 100%', 'Alpha 1000', 'alpha two']) await add({ name });
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof server.ask>> = await server.askAsOwner(
      `${BASE}?limit=2${cursor ? `&cursor=${cursor}` : ''}`,
    );
    seen.push(...page.body.items.map((one: { id: string }) => one.id));
    cursor = page.body.next_cursor;
  } while (cursor);
  expect(seen[0]).toBe('default');
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen).not.toContain('administrators');
  const names = async (query: string) =>
    (await server.askAsOwner(`${BASE}?${query}`)).body.items.map((one: { name: string }) => one.name);
  expect(await names('q=ALPHA')).toEqual(['alpha two', 'Alpha 1000', 'Alpha 100%']);
  expect(await names('q=100%25')).toEqual(['Alpha 100%']);
  expect(await names('q=administrators')).toEqual([]);
  expect(await names('q=alpha&status=disabled')).toEqual([]);
  expect(await names(`q=${seen.at(1)}`)).toHaveLength(1);
  expect((await server.askAsOwner(`${BASE}?colour=red`)).body.details[0].field).toBe('colour');
  expect((await server.askAsOwner(`${BASE}?limit=0`)).status).toBe(400);
});

// R311, R314
test('a change is merged into what was, and told with both states', async () => {
  const { client } = (await add({ name: 'Merge', settings: { auth_ui: { brand_name: 'A', locale: 'de' } } })).body;
  const origin = { allowed_origins: ['https://merge.example'] };
  await patch(client.id, { settings: { auth_ui: { brand_name: null } }, webhook_url: 'https://m.example/', ...origin });
  const answer = await patch(client.id, { name: 'Merged', webhook_url: null, allowed_origins: [] });
  expect(answer.body.client).toMatchObject({
    name: 'Merged',
    webhook_url: null,
    allowed_origins: [],
    settings: { auth_ui: { locale: 'de' } },
  });
  const event = await newestEvent('client_updated');
  expect(event).toMatchObject({ client_id: client.id, actor_type: 'break_glass', target_id: client.id });
  expect(event.metadata).toEqual({
    before: { name: 'Merge', webhook_url: 'https://m.example/', allowed_origins: ['https://merge.example'] },
    after: { name: 'Merged', webhook_url: null, allowed_origins: [] },
  });
});

test('two changes at once are both there afterwards', async () => {
  const { client } = (await add({ name: 'Both' })).body;
  await Promise.all([
    patch(client.id, { settings: { refresh_grace_seconds: 5 } }),
    patch(client.id, { settings: { access_token_ttl_seconds: 300 } }),
  ]);
  const { settings } = (await server.askAsOwner(`${BASE}/${client.id}`)).body.client;
  expect(settings).toEqual({ refresh_grace_seconds: 5, access_token_ttl_seconds: 300 });
});

// D22
test('an origin of a client may call as soon as it is there, and no longer once it is gone', async () => {
  const { client } = (await add({ name: 'Pages', allowed_origins: ['https://pages.example'] })).body;
  const allowed = async () =>
    (
      await server.ask('/api/auth/email-code/send', {
        method: 'OPTIONS',
        headers: { origin: 'https://pages.example' },
      })
    ).headers.get('access-control-allow-origin');
  expect(await allowed()).toBe('https://pages.example');
  await patch(client.id, { allowed_origins: [] });
  expect(await allowed()).toBeNull();
});

// O-089
test('a disabled client is off at once on this node, and on again when it is enabled', async () => {
  const { client, api_key } = (await add({ name: 'Off' })).body;
  const headers = { 'x-api-key': api_key };
  const email = 'off@example.com';
  await server.ask('/api/auth/email-code/send', { body: { email }, headers });
  const tokens = (
    await server.ask('/api/auth/email-code/verify', {
      body: { email, code: await server.codeFor(email), token_transport: 'json' },
      headers,
    })
  ).body;
  const refresh = () => server.ask('/api/auth/refresh', { body: { refresh_token: tokens.refresh_token }, headers });
  await patch(client.id, { status: 'disabled' });
  expect((await refresh()).body.error).toBe('client_disabled');
  expect((await server.ask('/api/auth/email-code/send', { body: { email }, headers })).body.error).toBe(
    'client_disabled',
  );
  expect((await server.ask('/api/auth/me', { token: tokens.access_token })).body.error).toBe('client_disabled');
  expect((await server.ask(`/jwks?client_id=${client.id}`)).body.error).toBe('client_disabled');
  expect((await newestEvent('client_disabled')).metadata).toEqual({
    before: { status: 'active' },
    after: { status: 'disabled' },
  });
  await patch(client.id, { status: 'active' });
  expect((await refresh()).status).toBe(200);
});
