import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  accept,
  codeAt,
  createAdministrator,
  invite,
  login,
  PASSWORD,
  type Person,
  signInAdministrator,
  tokenOf,
} from '../../../test/kit/administrators.ts';
import { type Ask, startTestServer, type TestServer } from '../../../test/kit/test-server.ts';
import { createClient } from '../../tenancy/clients/index.ts';
import { inviteAdministrator } from './index.ts';

const PATH = '/api/admin/users';
const ABSENT = '01234567-89ab-7000-8000-0123456789ab';
const ALL = { kind: 'all' };
let server: TestServer;
let owner: Person;
let otherClient: string;

beforeAll(async () => {
  server = await startTestServer();
  const { ground } = server.house;
  const made = await ground.database.write((tx) => createClient({ ...ground, tx }, { slug: 'other', name: 'Other' }));
  otherClient = made.client.id;
  owner = await createAdministrator(server, 'owner@example.com');
});
afterAll(() => server.close());

const patch = (id: string, body: unknown) => server.askAsOwner(`${PATH}/${id}`, { method: 'PATCH', body });
const remove = (id: string) => server.askAsOwner(`${PATH}/${id}`, { method: 'DELETE' });
const me = (token: string) => server.ask('/api/admin/auth/me', { token });

async function newestEvent(name: string) {
  const { read } = server.house.ground.database;
  const events = read.query.selectFrom('audit_events').selectAll().where('event_type', '=', name).orderBy('id', 'desc');
  const event = await events.executeTakeFirstOrThrow();
  return { ...event, metadata: JSON.parse(event.metadata) };
}

test('an invitation is mailed with its link, and told once', async () => {
  server.clock.advance(1);
  const invited = await invite(server, 'Mailed@Example.com', { roles: ['support_admin'] });
  expect(invited.body).toMatchObject({
    administrator: { email: 'mailed@example.com', status: 'invited', roles: ['support_admin'], created_by: null },
    invitation: { mailed: true },
  });
  const mail = await server.mailTo('mailed@example.com');
  expect(mail.text).toContain(invited.body.invitation.url);
  const read = await server.askAsOwner(`${PATH}/${invited.body.administrator.id}`);
  expect(read.text).not.toContain(tokenOf(invited));
  expect(await newestEvent('admin_invited')).toMatchObject({ metadata: { email: 'mailed@example.com' } });
});

test('an invitation can do without a mail', async () => {
  const body = { email: 'unmailed@example.com', roles: ['billing_admin'], scope: ALL, send_mail: false };
  expect((await server.askAsOwner(PATH, { body })).body.invitation.mailed).toBe(false);
  await expect(server.mailTo('unmailed@example.com')).rejects.toThrow('no mail');
});

test('nobody is invited twice', async () => {
  expect((await invite(server, ' OWNER@example.com')).body.error).toBe('administrator_exists');
});

test.each([
  ['an unknown role', { roles: ['root'] }, 'roles.0'],
  ['no role', { roles: [] }, 'roles'],
  ['a role twice', { roles: ['owner', 'owner'] }, 'roles'],
  ['no address', { email: 'nobody' }, 'email'],
  ['an unknown scope', { scope: { kind: 'planet' } }, 'scope.kind'],
  ['the scope of no client', { scope: { kind: 'client' } }, 'scope.client_id'],
  ['the scope of an absent client', { scope: { kind: 'client', client_id: ABSENT } }, 'scope.client_id'],
  ['the scope of the reserved client', { scope: { kind: 'client', client_id: 'administrators' } }, 'scope.client_id'],
  ['a client in the scope of all', { scope: { kind: 'all', client_id: 'default' } }, 'scope.client_id'],
  ['no organization', { scope: { kind: 'organization', client_id: 'default' } }, 'scope.organization_id'],
  ['a password', { password: PASSWORD }, 'password'],
  ['a status', { status: 'active' }, 'status'],
  ['an unknown field in the scope', { scope: { kind: 'all', wide: true } }, 'scope.wide'],
])('an invitation with %s is refused, naming the field', async (_title, change, field) => {
  const body = { email: 'new@example.com', roles: ['owner'], scope: ALL, ...change };
  const answer = await server.askAsOwner(PATH, { body });
  expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request', details: [{ field }] } });
});

// T-080, A-022
test.each(['id', 'email', 'password', 'created_at', 'created_by', 'mfa_enabled', 'is_admin', 'client_id'])(
  'a change of the field %s is refused, naming it',
  async (field) => {
    const answer = await patch(owner.id, { status: 'active', [field]: 'x' });
    expect(answer).toMatchObject({ status: 400, body: { details: [{ field }] } });
  },
);

test('a change of nothing is refused', async () => {
  expect((await patch(owner.id, {})).status).toBe(400);
});

test('whoever is absent is not found, on every route', async () => {
  const asks: [string, Ask][] = [
    ['', { method: 'GET' }],
    ['', { method: 'PATCH', body: { status: 'active' } }],
    ['', { method: 'DELETE' }],
    ['/reset', { method: 'POST' }],
  ];
  for (const [path, ask] of asks) {
    expect((await server.askAsOwner(`${PATH}/${ABSENT}${path}`, ask)).body.error).toBe('administrator_not_found');
  }
});

test('the list comes in pages', async () => {
  const first = (await server.askAsOwner(`${PATH}?limit=1`)).body;
  expect(first.items).toHaveLength(1);
  const rest = (await server.askAsOwner(`${PATH}?cursor=${first.next_cursor}`)).body;
  expect(rest.items.map((one: Person) => one.id)).not.toContain(first.items[0].id);
  expect(rest.next_cursor).toBeNull();
});

//
test('a changed role counts with the next request', async () => {
  const of = await createAdministrator(server, 'changed@example.com', { roles: ['read_only_auditor'] });
  expect((await server.ask(PATH, { token: of.token })).status).toBe(200);
  const changed = await patch(of.id, { roles: ['billing_admin'] });
  expect(changed.body.roles).toEqual(['billing_admin']);
  expect((await server.ask(PATH, { token: of.token })).body.error).toBe('admin_permission_missing');
  expect((await newestEvent('admin_updated')).metadata).toEqual({
    before: { roles: ['read_only_auditor'] },
    after: { roles: ['billing_admin'] },
  });
});

//
test('suspension and removal end every token at once, and a lifted suspension brings none back', async () => {
  const of = await createAdministrator(server, 'stopped@example.com');
  await patch(of.id, { status: 'suspended' });
  expect((await me(of.token)).status).toBe(401);
  await patch(of.id, { status: 'active' });
  expect((await me(of.token)).status).toBe(401);
  const again = (await signInAdministrator(server, of)).body.access_token;
  expect((await me(again)).status).toBe(200);
  expect((await remove(of.id)).status).toBe(200);
  expect((await me(again)).status).toBe(401);
  expect((await login(server, of.email)).status).toBe(401);
});

test('somebody who has not accepted yet is neither suspended nor made active by others', async () => {
  const { id } = (await invite(server, 'waiting@example.com')).body.administrator;
  expect((await patch(id, { status: 'active' })).body.error).toBe('administrator_invited');
  expect((await patch(id, { roles: ['billing_admin'] })).status).toBe(200);
});

//
test('a reset takes every factor, ends every token, and mails a new invitation', async () => {
  const of = await createAdministrator(server, 'reset@example.com', { roles: ['support_admin'] });
  server.clock.advance(1);
  const reset = await server.askAsOwner(`${PATH}/${of.id}/reset`, { method: 'POST' });
  expect(reset.body.administrator.status).toBe('invited');
  expect((await server.mailTo(of.email)).text).toContain(reset.body.invitation.url);
  expect((await me(of.token)).status).toBe(401);
  expect((await login(server, of.email)).status).toBe(401);
  const secret = await accept(server, reset, 'another tidy password');
  expect(secret).not.toBe(of.secret);
  expect((await login(server, of.email)).status).toBe(401);
  expect((await login(server, of.email, 'another tidy password')).status).toBe(200);
  expect(await newestEvent('admin_reset')).toMatchObject({ target_id: of.id });
});

test('a reset voids the invitation before it', async () => {
  const invited = await invite(server, 'twice@example.com');
  await server.askAsOwner(`${PATH}/${invited.body.administrator.id}/reset`, { method: 'POST' });
  const body = { token: tokenOf(invited), password: PASSWORD };
  expect((await server.ask('/api/admin/auth/invitation', { body })).body.error).toBe('invalid_invitation');
});

// T-008
test('the last owner stays, and stays an owner', async () => {
  const alone = await startTestServer();
  const last = await createAdministrator(alone, 'last@example.com');
  await createAdministrator(alone, 'one@example.com', { scope: { kind: 'client', client_id: 'default' } });
  const changes = [
    { roles: ['support_admin'] },
    { scope: { kind: 'client', client_id: 'default' } },
    { status: 'suspended' },
  ];
  for (const body of changes) {
    const answer = await alone.askAsOwner(`${PATH}/${last.id}`, { method: 'PATCH', body });
    expect(answer.body.error).toBe('last_owner');
  }
  expect((await alone.askAsOwner(`${PATH}/${last.id}`, { method: 'DELETE' })).body.error).toBe('last_owner');
  expect((await alone.ask('/api/admin/auth/me', { token: last.token })).status).toBe(200);
  await alone.close();
});

test('nobody changes, removes or resets themselves', async () => {
  const { access_token: token } = (await signInAdministrator(server, owner)).body;
  const asks: Ask[] = [{ method: 'PATCH', body: { roles: ['owner', 'billing_admin'] } }, { method: 'DELETE' }];
  for (const ask of asks) {
    expect((await server.ask(`${PATH}/${owner.id}`, { ...ask, token })).body.error).toBe('own_administrator');
  }
  const reset = await server.ask(`${PATH}/${owner.id}/reset`, { method: 'POST', token });
  expect(reset.body.error).toBe('own_administrator');
});

// T-074
// long: nine cases and the people they need
test('nobody gives themselves or others more than they hold: nine ways, each refused and written down', async () => {
  const make = async (
    email: string,
    role: 'support_admin' | 'security_admin' | 'billing_admin' | 'read_only_auditor',
  ) => createAdministrator(server, email, { roles: [role] });
  const support = await make('support@example.com', 'support_admin');
  const security = await make('security@example.com', 'security_admin');
  const billing = await make('billing@example.com', 'billing_admin');
  const auditor = await make('auditor@example.com', 'read_only_auditor');
  const scope = { kind: 'client', client_id: 'default' };
  const scoped = await createAdministrator(server, 'scoped@example.com', { scope });
  const wider = { email: 'w@example.com', roles: ['owner'], scope: ALL };
  const cases: [string, string, Ask][] = [
    [
      'support makes itself an owner',
      `${PATH}/${support.id}`,
      { method: 'PATCH', body: { roles: ['owner'] }, token: support.token },
    ],
    ['security invites an owner', PATH, { body: wider, token: security.token }],
    [
      'an owner of one client widens their scope',
      `${PATH}/${scoped.id}`,
      { method: 'PATCH', body: { scope: ALL }, token: scoped.token },
    ],
    ['an owner of one client invites an owner of all', PATH, { body: wider, token: scoped.token }],
    ['support resets an owner', `${PATH}/${owner.id}/reset`, { method: 'POST', token: support.token }],
    [
      'billing suspends an owner',
      `${PATH}/${owner.id}`,
      { method: 'PATCH', body: { status: 'suspended' }, token: billing.token },
    ],
    ['an auditor removes an owner', `${PATH}/${owner.id}`, { method: 'DELETE', token: auditor.token }],
    [
      'an owner of one client moves to another',
      `${PATH}/${scoped.id}`,
      { method: 'PATCH', body: { scope: { kind: 'client', client_id: otherClient } }, token: scoped.token },
    ],
  ];
  for (const [title, path, ask] of cases) {
    const answer = await server.ask(path, ask);
    expect([title, answer.status, answer.body.error]).toEqual([title, 403, 'admin_permission_missing']);
  }
  const { read } = server.house.ground.database;
  const denied = read.query
    .selectFrom('audit_events')
    .select('actor_id')
    .where('event_type', '=', 'admin_permission_denied');
  expect((await denied.execute()).length).toBeGreaterThanOrEqual(cases.length);
  // The ninth: past the guard, by somebody whose own rights fall short of what they hand out.
  const by = {
    actor: { type: 'administrator' as const, id: support.id },
    roles: ['support_admin'] as const,
    scope: ALL as never,
  };
  const grant = { email: 'g@example.com', roles: ['owner' as const], scope: { kind: 'all' as const }, mailIn: null };
  const request = { requestId: 'r', ip: '127.0.0.1', userAgent: '' };
  const invited = inviteAdministrator(server.house.ground, { ...grant, by: { ...by, authenticatedAt: 0 }, request });
  await expect(invited).rejects.toMatchObject({ code: 'admin_grant_exceeds_own' });
});

//
test('without a token, and with one of nobody, there is an answer 401', async () => {
  for (const token of [undefined, 'nonsense', codeAt(server, owner.secret)]) {
    const answer = await server.ask(PATH, token === undefined ? {} : { token });
    expect(answer.status).toBe(401);
  }
});
