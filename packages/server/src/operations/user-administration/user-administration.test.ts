import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAdministrator } from '../../../test/kit/administrators.ts';
import { createAuthenticator } from '../../../test/kit/authenticator.ts';
import { databaseKinds } from '../../../test/kit/databases.ts';
import { type Ask, startTestServer, type TestServer } from '../../../test/kit/test-server.ts';
import { createClient } from '../../tenancy/clients/index.ts';

const PATH = '/api/admin/clients/default/users';
const ABSENT = '01234567-89ab-7000-8000-0123456789ab';

// long: one server on each database, and everything asked of it
describe.each(databaseKinds())('users of a client, on $name', (kind) => {
  let server: TestServer;
  let forget: () => void;
  let other: { id: string; apiKey: string };

  beforeAll(async () => {
    const database = await kind.create();
    forget = database.forget;
    server = await startTestServer({ database: database.url });
    const { ground } = server.house;
    const made = await ground.database.write((tx) => createClient({ ...ground, tx }, { slug: 'other', name: 'Other' }));
    other = { id: made.client.id, apiKey: made.apiKey };
  });
  afterAll(async () => {
    await server?.close();
    forget?.();
  });

  const add = async (email: string, more = {}, path = PATH) =>
    (await server.askAsOwner(path, { body: { email, ...more } })).body;
  const find = async (query: string, path = PATH): Promise<string[]> =>
    (await server.askAsOwner(`${path}?${query}`)).body.items.map((user: { email: string }) => user.email);
  const at = (id: string, more = '') => `${PATH}/${id}${more}`;

  test('a user is made once for each address of a client', async () => {
    const user = await add(' New@Example.com', { display_name: 'New', role: 'editor' });
    expect(user).toMatchObject({
      email: 'new@example.com',
      email_verified: false,
      display_name: 'New',
      role: 'editor',
      status: 'active',
      client_id: 'default',
    });
    expect((await server.askAsOwner(PATH, { body: { email: 'new@example.com' } })).body.error).toBe('user_exists');
    expect((await add('new@example.com', {}, `/api/admin/clients/${other.id}/users`)).client_id).toBe(other.id);
    expect((await server.askAsOwner(at(user.id))).body).toEqual(user);
  });

  // T-080
  test.each([
    'id',
    'status',
    'client_id',
    'created_at',
    'password',
    'password_hash',
    'mfa_enabled',
    'is_admin',
    'scopes',
  ])('a user is not made with the field %s', async (field) => {
    const answer = await server.askAsOwner(PATH, { body: { email: 'x@example.com', [field]: 'x' } });
    expect(answer).toMatchObject({ status: 400, body: { details: [{ field }] } });
  });

  test.each([
    [{ email: 'nobody' }, 'email'],
    [{ email: 'x@example.com', role: 'Owner of all' }, 'role'],
    [{ email: 'x@example.com', display_name: '' }, 'display_name'],
    [{}, 'email'],
  ])('%j makes no user', async (body, field) => {
    expect(await server.askAsOwner(PATH, { body })).toMatchObject({ status: 400, body: { details: [{ field }] } });
  });

  test('users are found by the beginning of an address, by whole name and by id', async () => {
    const tom = await add('tom@find.example', { display_name: 'Tomte' });
    await add('tomas@find.example');
    await add('Zoë@find.example', { display_name: 'tom' });
    await add('tomas@find.example', {}, `/api/admin/clients/${other.id}/users`);
    expect(await find('q=tom')).toEqual(['zoë@find.example', 'tom@find.example', 'tomas@find.example']);
    expect(await find('q=TOMA')).toEqual(['tomas@find.example']);
    expect(await find('q=Tomte')).toEqual(['tom@find.example']);
    expect(await find(`q=${tom.id}`)).toEqual(['tom@find.example']);
    expect(await find('q=zo%C3%AB')).toEqual(['zoë@find.example']);
    expect(await find('q=om')).toEqual([]);
    expect(await find(`q=${tom.id}`, `/api/admin/clients/${other.id}/users`)).toEqual([]);
  });

  test.each(['%', '_', "'", '"', '\\', '*', '[', '\u{10ffff}', 'tom%', "' or 1=1 --"])('%j finds nobody', async (q) => {
    expect(await find(`q=${encodeURIComponent(q)}`)).toEqual([]);
  });

  test('pages of a search hold everybody once, names before addresses', async () => {
    for (const n of [1, 2, 3]) await add(`page-${n}@example.com`, n === 2 ? { display_name: 'page' } : {});
    await add('another@example.com', { display_name: 'page' });
    const seen: string[] = [];
    let cursor = '';
    do {
      const page = (await server.askAsOwner(`${PATH}?q=page&limit=1${cursor}`)).body;
      seen.push(...page.items.map((user: { email: string }) => user.email));
      cursor = page.next_cursor === null ? '' : `&cursor=${page.next_cursor}`;
    } while (cursor !== '');
    const names = ['page-2@example.com', 'another@example.com'];
    expect(seen).toEqual([...names, 'page-1@example.com', 'page-3@example.com']);
  });

  test('the list of everybody comes in pages and can be narrowed to a status', async () => {
    const all = await find('limit=200');
    const paged: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: { items: { email: string }[]; next_cursor: string | null } = (
        await server.askAsOwner(`${PATH}?limit=3${cursor && `&cursor=${cursor}`}`)
      ).body;
      paged.push(...page.items.map((user) => user.email));
      cursor = page.next_cursor;
    }
    expect(paged).toEqual(all);
    const { id } = await add('narrow@example.com');
    await server.askAsOwner(at(id), { method: 'PATCH', body: { status: 'suspended' } });
    expect(await find('status=suspended')).toEqual(['narrow@example.com']);
    expect(await find('q=narrow&status=active')).toEqual([]);
  });

  // A-046
  test('suspending a user ends every session at once and keeps them out', async () => {
    const { session_id, access_token, refresh_token, user_id } = (await server.signIn('out@example.com')).body;
    const id = user_id ?? (await server.askAsOwner(`${PATH}?q=out@`)).body.items[0].id;
    const changed = await server.askAsOwner(at(id), { method: 'PATCH', body: { status: 'suspended' } });
    expect(changed.body.status).toBe('suspended');
    expect((await server.ask('/me', { token: access_token })).status).toBe(401);
    expect((await server.ask('/session/refresh', { body: { session_id, refresh_token } })).status).toBe(401);
    expect((await server.signIn('out@example.com')).status).toBe(401);
    await server.askAsOwner(at(id), { method: 'PATCH', body: { status: 'active' } });
    expect((await server.ask('/me', { token: access_token })).status).toBe(401);
    expect((await server.signIn('out@example.com')).status).toBe(200);
  });

  test('a change is written down with what was and what is', async () => {
    const { id } = await add('told@example.com', { display_name: 'Old' });
    const body = { display_name: null, role: 'editor' };
    expect((await server.askAsOwner(at(id), { method: 'PATCH', body })).body).toMatchObject(body);
    const { audit_events: events } = (await server.askAsOwner(at(id, '/export'))).body;
    expect(events[0]).toMatchObject({
      event_type: 'user_updated',
      actor_type: 'break_glass',
      metadata: { before: { display_name: 'Old', role: 'user' }, after: body },
    });
  });

  test('sessions of a user are listed and ended, one or all', async () => {
    const first = (await server.signIn('places@example.com')).body;
    const second = (await server.signIn('places@example.com')).body;
    const { id } = (await server.askAsOwner(`${PATH}?q=places@`)).body.items[0];
    const listed = (await server.askAsOwner(at(id, '/sessions'))).body.sessions;
    expect(listed.map((one: { id: string }) => one.id)).toEqual([first.session_id, second.session_id]);
    const one = at(id, `/sessions/${first.session_id}`);
    expect((await server.askAsOwner(one, { method: 'DELETE' })).status).toBe(200);
    expect((await server.askAsOwner(one, { method: 'DELETE' })).body.error).toBe('session_not_found');
    expect((await server.ask('/me', { token: first.access_token })).status).toBe(401);
    expect((await server.ask('/me', { token: second.access_token })).status).toBe(200);
    expect((await server.askAsOwner(at(id, '/sessions'), { method: 'DELETE' })).body).toEqual({ ok: true, ended: 1 });
    expect((await server.ask('/me', { token: second.access_token })).status).toBe(401);
  });

  // A-048
  test('all sessions of a client end together, and nobody else’s', async () => {
    const mine = (await server.signIn('mine@example.com')).body;
    const email = 'theirs@example.com';
    const headers = { 'x-api-key': other.apiKey };
    await server.ask('/api/auth/email-code/send', { body: { email }, headers });
    const body = { email, code: await server.codeFor(email), token_transport: 'json' };
    const theirs = (await server.ask('/api/auth/email-code/verify', { body, headers })).body;
    const path = `/api/admin/clients/${other.id}/sessions`;
    expect((await server.askAsOwner(path, { method: 'DELETE' })).body).toEqual({ ok: true, ended: 1 });
    expect((await server.ask('/api/auth/me', { token: theirs.access_token })).status).toBe(401);
    expect((await server.ask('/me', { token: mine.access_token })).status).toBe(200);
  });

  test('a deleted user leaves nothing but what is written down', async () => {
    const { access_token: token } = (await server.signIn('gone@example.com')).body;
    const { id } = (await server.askAsOwner(`${PATH}?q=gone@`)).body.items[0];
    expect((await server.askAsOwner(at(id), { method: 'DELETE' })).body).toEqual({ ok: true });
    expect((await server.ask('/me', { token })).status).toBe(401);
    expect((await server.askAsOwner(at(id))).body.error).toBe('user_not_found');
    const { query } = server.house.ground.database.read;
    for (const table of ['sessions', 'passkeys', 'passwords', 'totp_secrets'] as const) {
      expect(await query.selectFrom(table).select('user_id').where('user_id', '=', id).execute()).toEqual([]);
    }
    expect(await query.selectFrom('email_codes').selectAll().where('email', '=', 'gone@example.com').execute()).toEqual(
      [],
    );
    const events = await query.selectFrom('audit_events').select('event_type').where('user_id', '=', id).execute();
    expect(events.map((event) => event.event_type)).toContain('user_deleted');
    // Whoever comes with the address again is somebody new.
    await server.signIn('gone@example.com');
    expect((await server.askAsOwner(`${PATH}?q=gone@`)).body.items[0].id).not.toBe(id);
  });

  test('everything about one person is handed out, and nothing that is secret', async () => {
    const { access_token: token } = (await server.signIn('whole@example.com')).body;
    const headers = { origin: server.url };
    const options = (await server.ask('/webauthn/register/options', { body: {}, token, headers })).body;
    const credential = createAuthenticator(server.url).register(options.publicKey);
    const body = { request_id: options.request_id, credential };
    await server.ask('/webauthn/register/verify', { body, token, headers });
    const { id } = (await server.askAsOwner(`${PATH}?q=whole@`)).body.items[0];
    const answer = await server.askAsOwner(at(id, '/export'));
    expect(answer.body.user.email).toBe('whole@example.com');
    expect(answer.body.passkeys).toHaveLength(1);
    expect(answer.body.sessions).toHaveLength(1);
    const types = answer.body.audit_events.map((event: { event_type: string }) => event.event_type);
    expect(types).toEqual(expect.arrayContaining(['user_created', 'login_success', 'passkey_added']));
    expect(answer.text).not.toMatch(/hash|sealed|public_key/);
    const again = (await server.askAsOwner(at(id, '/export'))).body;
    expect(again.audit_events[0].event_type).toBe('user_exported');
  });

  // N-10, T-023
  test('an address shut by a hundred wrong codes is opened again by an administrator', async () => {
    const email = 'shut@example.com';
    await server.signIn(email);
    const { id } = (await server.askAsOwner(`${PATH}?q=shut@`)).body.items[0];
    const { database } = server.house.ground;
    await database.write((tx) =>
      tx.query.updateTable('email_codes').set({ failures: 100 }).where('email', '=', email).execute(),
    );
    expect((await server.signIn(email)).status).toBe(401);
    expect((await server.askAsOwner(at(id, '/unlock'), { method: 'POST' })).body).toEqual({ ok: true });
    expect((await server.signIn(email)).status).toBe(200);
  });

  // T-070
  test('a user of another client is as absent as one who never was, on every route', async () => {
    const foreign = await add('foreign@example.com', {}, `/api/admin/clients/${other.id}/users`);
    const asks: [string, Ask][] = [
      ['', { method: 'GET' }],
      ['', { method: 'PATCH', body: { status: 'suspended' } }],
      ['', { method: 'DELETE' }],
      ['/sessions', { method: 'GET' }],
      ['/sessions', { method: 'DELETE' }],
      [`/sessions/${ABSENT}`, { method: 'DELETE' }],
      ['/export', { method: 'GET' }],
      ['/unlock', { method: 'POST' }],
    ];
    const withoutId = (text: string) => text.replace(/"request_id":"[^"]+"/, '');
    for (const [path, ask] of asks) {
      const theirs = await server.askAsOwner(at(foreign.id, path), ask);
      const nobodys = await server.askAsOwner(at(ABSENT, path), ask);
      expect([path, theirs.status, withoutId(theirs.text)]).toEqual([path, 404, withoutId(nobodys.text)]);
    }
    const still = await server.askAsOwner(`/api/admin/clients/${other.id}/users/${foreign.id}`);
    expect(still.body.status).toBe('active');
  });

  // T-073
  test('an administrator of one client finds no other, nor the users of another', async () => {
    const scope = { kind: 'client', client_id: other.id };
    const { token } = await createAdministrator(server, 'scoped@example.com', { roles: ['support_admin'], scope });
    expect((await server.ask(`/api/admin/clients/${other.id}/users`, { token })).status).toBe(200);
    expect((await server.ask(PATH, { token })).body.error).toBe('client_not_found');
    expect((await server.ask(`/api/admin/clients/${ABSENT}/users`, { token })).body.error).toBe('client_not_found');
  });
});
