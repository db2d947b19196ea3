import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClient } from '../../src/tenancy/clients/index.ts';
import { createAdministrator, type WireScope } from '../kit/administrators.ts';
import { addressOf, bytesOf, type Operation, readOperations } from '../kit/api-document.ts';
import { type Answer, startTestServer, type TestServer } from '../kit/test-server.ts';

/**
 * What every route of administration asks for, written down a second time: `public`, `session` (an administrator about themselves), or a
 * permission. A new route needs a row here. `only all` marks a route that answers 403 to every scope but the whole installation by itself.
 */
const table: Record<string, string> = {
  'POST /api/admin/auth/login': 'public',
  'POST /api/admin/auth/mfa': 'public',
  'POST /api/admin/auth/passkey/options': 'public',
  'POST /api/admin/auth/invitation': 'public',
  'POST /api/admin/auth/invitation/confirm': 'public',
  'GET /api/admin/auth/me': 'session',
  'POST /api/admin/auth/step-up': 'session',
  'GET /api/admin/auth/passkeys': 'session',
  'POST /api/admin/auth/passkeys': 'session',
  'POST /api/admin/auth/passkeys/options': 'session',
  'DELETE /api/admin/auth/passkeys/{id}': 'session',
  'POST /api/admin/auth/password': 'session',
  'POST /api/admin/auth/totp': 'session',
  'POST /api/admin/auth/totp/confirm': 'session',
  'POST /api/admin/auth/logout': 'session',

  'GET /api/admin/users': 'admins:read',
  'POST /api/admin/users': 'admins:write',
  'GET /api/admin/users/{id}': 'admins:read',
  'PATCH /api/admin/users/{id}': 'admins:write',
  'DELETE /api/admin/users/{id}': 'admins:write',
  'POST /api/admin/users/{id}/reset': 'admins:write',
  'GET /api/admin/clients/{client_id}/users': 'users:read',
  'POST /api/admin/clients/{client_id}/users': 'users:write',
  'GET /api/admin/clients/{client_id}/users/{user_id}': 'users:read',
  'PATCH /api/admin/clients/{client_id}/users/{user_id}': 'users:write',
  'DELETE /api/admin/clients/{client_id}/users/{user_id}': 'users:write',
  'POST /api/admin/clients/{client_id}/users/{user_id}/unlock': 'users:write',
  'GET /api/admin/clients/{client_id}/users/{user_id}/export': 'users:export',
  'GET /api/admin/clients/{client_id}/users/{user_id}/sessions': 'users:read',
  'DELETE /api/admin/clients/{client_id}/users/{user_id}/sessions': 'users:write',
  'DELETE /api/admin/clients/{client_id}/users/{user_id}/sessions/{session_id}': 'users:write',
  'DELETE /api/admin/clients/{client_id}/sessions': 'users:write',

  'GET /api/admin/clients': 'clients:read',
  'POST /api/admin/clients': 'clients:write, only all',
  'GET /api/admin/clients/{client_id}': 'clients:read',
  'PATCH /api/admin/clients/{client_id}': 'clients:write',
  'POST /api/admin/clients/{client_id}/rotate-api-key': 'keys:rotate',
  'POST /api/admin/clients/{client_id}/rotate-key': 'keys:rotate',
  'POST /api/admin/clients/{client_id}/rotate-client-secret': 'keys:rotate',
  'POST /api/admin/clients/{client_id}/rotate-secret': 'keys:rotate',
  'POST /api/admin/clients/{client_id}/rotate-jwt': 'keys:rotate',
  'GET /api/admin/clients/{client_id}/webhooks': 'webhooks:read',
  'POST /api/admin/clients/{client_id}/webhooks': 'webhooks:write',
  'GET /api/admin/clients/{client_id}/webhooks/{id}': 'webhooks:read',
  'PATCH /api/admin/clients/{client_id}/webhooks/{id}': 'webhooks:write',
  'DELETE /api/admin/clients/{client_id}/webhooks/{id}': 'webhooks:write',
  'GET /api/admin/clients/{client_id}/webhooks/{id}/deliveries': 'webhooks:read',
  'POST /api/admin/clients/{client_id}/webhooks/{id}/deliveries/{delivery_id}/redeliver': 'webhooks:write',
  'POST /api/admin/clients/{client_id}/webhooks/{id}/replay': 'webhooks:write',
  'POST /api/admin/clients/{client_id}/webhooks/{id}/rotate-secret': 'webhooks:write',
  'POST /api/admin/clients/{client_id}/webhooks/{id}/test': 'webhooks:write',

  'GET /api/admin/config': 'config:read',
  'PATCH /api/admin/config': 'config:write',
  'GET /api/admin/config/schema': 'config:read',

  'GET /api/admin/audit-events': 'audit:read',
  'GET /api/admin/audit-events/{event_id}': 'audit:read',
  'GET /api/admin/audit-events/{event_id}/proof': 'audit:read',
  'GET /api/admin/audit-events/chain/checkpoint': 'audit:read',
  'GET /api/admin/audit-events/chain/consistency': 'audit:read',
  'GET /api/admin/audit-events/chain/keys': 'audit:read',
  'GET /api/admin/audit-events/chain/verify': 'audit:read, only all',
  'GET /api/admin/audit-events/chain/witnesses': 'audit:read, only all',
  'GET /api/admin/audit-events/export': 'audit:export',
  'POST /api/admin/audit-events/legal-hold': 'audit:hold',
  'POST /api/admin/audit-events/retention/purge': 'audit:purge',

  'GET /api/admin/metrics': 'metrics:read',
};

const roles = ['owner', 'security_admin', 'support_admin', 'billing_admin', 'read_only_auditor'] as const;
type Role = (typeof roles)[number];

/** Who may do what, written down a second time (D17). */
const holders: Record<string, readonly Role[]> = {
  'clients:read': roles,
  'clients:write': ['owner'],
  'keys:rotate': ['owner', 'security_admin'],
  'users:read': ['owner', 'security_admin', 'support_admin', 'read_only_auditor'],
  'users:write': ['owner', 'security_admin', 'support_admin'],
  'users:export': ['owner', 'support_admin'],
  'admins:read': ['owner', 'security_admin', 'read_only_auditor'],
  'admins:write': ['owner'],
  'config:read': ['owner', 'security_admin', 'read_only_auditor'],
  'config:write': ['owner'],
  'audit:read': ['owner', 'security_admin', 'support_admin', 'read_only_auditor'],
  'audit:export': ['owner', 'security_admin', 'read_only_auditor'],
  'audit:hold': ['owner', 'security_admin'],
  'audit:purge': ['owner'],
  'webhooks:read': ['owner', 'security_admin', 'read_only_auditor'],
  'webhooks:write': ['owner', 'security_admin'],
  'metrics:read': ['owner', 'security_admin', 'billing_admin', 'read_only_auditor'],
};
const onlyAll = new Set(['admins:read', 'admins:write', 'config:read', 'config:write', 'audit:purge', 'metrics:read']);

const ABSENT = '01234567-89ab-7000-8000-0123456789ab';
const scopes = ['all', 'this client', 'other client', 'organization'] as const;
type Scope = (typeof scopes)[number];

let server: TestServer;
let operations: Operation[];
const mine = { id: '', apiKey: '', clientSecret: '' };
const other = {
  id: '',
  apiKey: '',
  clientSecret: '',
  userId: '',
  sessionId: '',
  adminId: '',
  webhookId: '',
  eventId: '',
};
const tokens = new Map<string, string>();
let userToken = '';

async function makeClient(slug: string) {
  const { ground } = server.house;
  const made = await ground.database.write((tx) => createClient({ ...ground, tx }, { slug, name: slug }));
  return { id: made.client.id, apiKey: made.apiKey, clientSecret: made.clientSecret };
}

async function signInAt(apiKey: string, email: string) {
  const headers = { 'x-api-key': apiKey };
  server.clock.advance(1);
  await server.ask('/api/auth/email-code/send', { body: { email }, headers });
  const body = { email, code: await server.codeFor(email), token_transport: 'json' };
  return (await server.ask('/api/auth/email-code/verify', { body, headers })).body;
}

function wireScope(scope: Scope): WireScope {
  if (scope === 'all') return { kind: 'all' };
  if (scope === 'organization') return { kind: 'organization', client_id: mine.id, organization_id: ABSENT };
  return { kind: 'client', client_id: scope === 'this client' ? mine.id : other.id };
}

/** The twenty took their time: their proofs count as given just now. */
async function refreshProofs() {
  const authenticated_at = server.clock.now();
  const { database } = server.house.ground;
  await database.write((tx) => tx.query.updateTable('admin_sessions').set({ authenticated_at }).execute());
}

beforeAll(async () => {
  server = await startTestServer({ settings: { 'tokens.accessTtl': '24h', 'admin.accessTtl': '24h' } });
  operations = await readOperations(server);
  Object.assign(mine, await makeClient('mine'));
  Object.assign(other, await makeClient('other'));
  for (const role of roles) {
    for (const scope of scopes) {
      const email = `${role}.${scope.replace(' ', '-')}@example.com`;
      const person = await createAdministrator(server, email, { roles: [role], scope: wireScope(scope) });
      tokens.set(`${role} ${scope}`, person.token);
      other.adminId = person.id;
    }
  }
  const foreign = await signInAt(other.apiKey, 'foreign@example.com');
  Object.assign(other, { userId: foreign.user.id, sessionId: foreign.session_id });
  const hook = { url: 'https://hooks.example.com/other', events: ['*'] };
  other.webhookId = (await server.askAsOwner(`/api/admin/clients/${other.id}/webhooks`, { body: hook })).body.id ?? '';
  const events = server.house.ground.database.read.query.selectFrom('audit_events').select('id');
  other.eventId = (await events.where('client_id', '=', other.id).executeTakeFirstOrThrow()).id;
  await server.house.sealer.seal();
  userToken = (await signInAt(mine.apiKey, 'user@example.com')).access_token;
  await refreshProofs();
}, 120_000);
afterAll(() => server?.close());

const administrative = () => operations.filter((operation) => operation.path.startsWith('/api/admin/'));
const ask = (operation: Operation, of: { token?: string; headers?: Record<string, string>; parameters?: object }) =>
  server.ask(addressOf(operation, { client_id: mine.id, ...of.parameters }), {
    method: operation.method,
    ...(operation.sample !== undefined && { body: operation.sample }),
    ...(of.token && { token: of.token }),
    ...(of.headers && { headers: of.headers }),
  });

/** What a cell of the matrix has to answer: a refusal of the guard, or whatever the route itself says. */
function expected(operation: Operation, role: Role, scope: Scope): string {
  const row = table[operation.name] ?? '';
  const inClient = operation.access === 'client_admin';
  const [permission = '', remark] = row.split(', ');
  const wide = onlyAll.has(permission) || remark === 'only all';
  if (!holders[permission]?.includes(role) || (wide && scope !== 'all')) return '403';
  if (inClient && (scope === 'other client' || scope === 'organization')) return '404 client_not_found';
  return 'the route';
}

function seen({ status, body }: Answer): string {
  if (status === 401 || status === 403) return String(status);
  return body.error === 'client_not_found' ? `${status} client_not_found` : 'the route';
}

//
test('every route of administration has its row, and every row its route', () => {
  const described = Object.fromEntries(
    administrative().map(({ name, access, permission }) => [
      name,
      permission ?? (access === 'public' ? access : 'session'),
    ]),
  );
  const written = Object.fromEntries(Object.entries(table).map(([name, row]) => [name, row.split(', ')[0]]));
  expect(described).toEqual(written);
});

//
test('nobody but an administrator gets past a guard, whatever else they hold', async () => {
  const passed: string[] = [];
  const guarded = administrative().filter(({ access }) => access !== 'public');
  const holds = [
    {},
    { token: userToken },
    { token: mine.apiKey },
    { token: mine.clientSecret },
    { headers: { 'x-api-key': mine.apiKey } },
    { headers: { 'x-admin-key': mine.clientSecret } },
  ];
  for (const operation of guarded) {
    for (const held of holds) {
      // Ten wrong keys a quarter of an hour are looked at: the eleventh would be refused before it is.
      if (held.headers?.['x-admin-key']) server.clock.advance(100_000);
      if ((await ask(operation, held)).status !== 401) passed.push(`${operation.name} with ${JSON.stringify(held)}`);
    }
  }
  await refreshProofs();
  expect(passed).toEqual([]);
});

// A-060, T-073
describe.each(roles)('%s', (role) => {
  test.each(scopes)('with the scope %s may do exactly what the table says', async (scope) => {
    const wrong: string[] = [];
    const token = tokens.get(`${role} ${scope}`) ?? '';
    for (const operation of administrative()) {
      const row = table[operation.name] ?? '';
      if (row === 'public' || row === 'session') continue;
      const cell = expected(operation, role, scope);
      const is = seen(await ask(operation, { token }));
      if (is !== cell) wrong.push(`${operation.name}: ${is} instead of ${cell}`);
    }
    expect(wrong).toEqual([]);
  });
});

// T-070, A-062
test('another client is as absent as one that never was, byte by byte, on every route', async () => {
  const different: string[] = [];
  for (const operation of operations.filter(({ access }) => access === 'client_admin')) {
    for (const role of roles) {
      const token = tokens.get(`${role} this client`) ?? '';
      const foreign = await ask(operation, { token, parameters: { client_id: other.id } });
      const absent = await ask(operation, { token, parameters: { client_id: ABSENT } });
      if (bytesOf(foreign) !== bytesOf(absent)) different.push(`${operation.name} as ${role}`);
    }
  }
  expect(different).toEqual([]);
});

// T-070
test('what belongs to another client is as absent as what never was, byte by byte, for every kind of token', async () => {
  const different: string[] = [];
  const ids = Object.values({ ...other, apiKey: other.id, clientSecret: other.id });
  expect(ids).not.toContain('');
  const token: Record<string, string> = {
    user: userToken,
    client_admin: tokens.get('owner this client') ?? '',
    admin: tokens.get('owner this client') ?? '',
    admin_session: tokens.get('owner this client') ?? '',
  };
  for (const operation of operations.filter(({ access }) => token[access] !== undefined)) {
    for (const parameter of operation.parameters.filter((name) => name !== 'client_id')) {
      const as = { token: token[operation.access] ?? '' };
      const absent = bytesOf(await ask(operation, as));
      for (const id of ids) {
        const foreign = bytesOf(await ask(operation, { ...as, parameters: { [parameter]: id } }));
        if (foreign !== absent)
          different.push(`${operation.name} with ${parameter}=${id}: ${foreign} is not ${absent}`);
      }
    }
  }
  expect(different).toEqual([]);
});

// T-073
test('lists, searches and exports hold nothing of another client, whatever the query asks for', async () => {
  const token = tokens.get('owner this client') ?? '';
  const queries = ['', `client_id=${other.id}`, `q=${other.id}`, `user_id=${other.userId}`, 'limit=200'];
  const lists = administrative().filter((operation) => operation.method === 'GET' && operation.access === 'admin');
  const leaks: string[] = [];
  for (const operation of lists) {
    for (const query of queries) {
      const answer = await server.ask(`${addressOf(operation)}?${query}`, { token });
      const held = [other.id, other.userId, other.sessionId, 'foreign@example.com'].filter((text) =>
        answer.text.includes(text),
      );
      if (held.length > 0) leaks.push(`${operation.name}?${query}: ${held.join(', ')}`);
    }
  }
  expect(leaks).toEqual([]);
});

// T-071, R003
test('a token of one client is refused wherever another client is named', async () => {
  const taken: string[] = [];
  for (const operation of operations.filter(({ access }) => access === 'user')) {
    const answer = await ask(operation, { token: userToken, headers: { 'x-api-key': other.apiKey } });
    if (answer.status !== 401) taken.push(`${operation.name}: ${answer.status}`);
  }
  expect(taken).toEqual([]);
});

//
test('a token of an administrator is good for no route but those of administration', async () => {
  const taken: string[] = [];
  const token = tokens.get('owner all') ?? '';
  for (const operation of operations.filter(({ access }) => access === 'user' || access === 'direct_user')) {
    if ((await ask(operation, { token })).status !== 401) taken.push(operation.name);
  }
  expect(taken).toEqual([]);
});

// T-080, A-063
test('a field that a route of administration does not know is refused by name, on every one that takes a body', async () => {
  const unnamed: string[] = [];
  const token = tokens.get('owner all') ?? '';
  const fields = ['is_admin', 'mfa_enabled', 'password_hash', 'unheard_of'];
  for (const operation of administrative().filter(
    ({ sample, name }) => sample !== undefined && !name.endsWith('logout'),
  )) {
    for (const field of fields) {
      const body = { ...(operation.sample as object), [field]: true };
      const answer = await server.ask(addressOf(operation, { client_id: mine.id }), {
        method: operation.method,
        body,
        token,
      });
      const named = answer.body.details?.some((detail: { field: string }) => detail.field === field);
      if (answer.status !== 400 || !named) unnamed.push(`${operation.name} takes ${field}: ${answer.text}`);
    }
  }
  expect(unnamed).toEqual([]);
});
