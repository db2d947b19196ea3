import { copyFileSync } from 'node:fs';
import pg from 'pg';
import type { Log } from '../../src/platform/log/index.ts';
import { codeAt, createAdministrator, login, PASSWORD, tokenOf } from '../kit/administrators.ts';
import { createAuthenticator } from '../kit/authenticator.ts';
import type { DatabaseKind } from '../kit/databases.ts';
import { createFakeClock } from '../kit/fake-clock.ts';
import { createVisitor } from '../kit/page-visitor.ts';
import { ADMIN_KEY, SECRET, startTestServer, type TestServer, type TestServerOptions } from '../kit/test-server.ts';
import type { Schema } from './read-routes.ts';
import type { Credential } from './requests.ts';

const ISSUER = 'http://localhost:7777';
const ABSENT = '01234567-89ab-7000-8000-0123456789ab';

/** A password that is sent and never right. */
const CANARY = 'canary-pa55word-q8Zt3vLw';

/** Limits so high that none of them hides a route, and one issuer for every copy. */
const SETTINGS: NonNullable<TestServerOptions['settings']> = {
  'server.issuer': ISSUER,
  'server.trustedProxies': '127.0.0.1',
  'tokens.accessTtl': '24h',
  'tokens.refreshTtl': '30d',
  'admin.accessTtl': '24h',
  'webhooks.allowedNetworks': '127.0.0.1/32',
  'webhooks.timeout': '1s',
};

/** A database with somebody of every kind in it, to be copied for each route. */
export interface Template {
  url: string;
  /** The time at which it was made. */
  at: number;
  /** What callers may show, by the access of a route. */
  credentials: Record<string, Credential[]>;
  known: Record<string, readonly unknown[]>;
  pageFields: Record<string, Schema>;
  /** Secrets that no answer and no line of the log may hold. */
  canaries: string[];
}

const bearer = (name: string, token: string): Credential => ({ name, headers: { authorization: `Bearer ${token}` } });

async function makeUsers(server: TestServer) {
  const ada = (await server.signIn('ada@example.com')).body;
  const authenticator = createAuthenticator(ISSUER);
  const headers = { origin: ISSUER };
  const ask = (path: string, body: object, token?: string) =>
    server.ask(path, { body, headers, ...(token && { token }) });
  const options = async (token?: string) =>
    (await ask(token ? '/webauthn/register/options' : '/webauthn/authenticate/options', {}, token)).body;
  const first = await options(ada.access_token);
  const added = await ask(
    '/webauthn/register/verify',
    { request_id: first.request_id, credential: authenticator.register(first.publicKey) },
    ada.access_token,
  );
  const registering = await options(ada.access_token);
  const another = createAuthenticator(ISSUER).register(registering.publicKey);
  const signing = await options();
  const assertion = authenticator.authenticate(signing.publicKey);
  await server.ask('/email/start', { body: { email: 'ada@example.com' } });
  return {
    ada,
    passkeyId: added.body.passkey?.id ?? added.body.id,
    requests: [registering.request_id, signing.request_id],
    credentials: [another, assertion],
    code: await server.codeFor('ada@example.com'),
  };
}

async function makeClient(server: TestServer) {
  const made = (await server.askAsOwner('/api/admin/clients', { body: { name: 'Mine', slug: 'mine' } })).body;
  const victim = (await server.askAsOwner('/api/admin/clients', { body: { name: 'Victim', slug: 'victim' } })).body;
  const headers = { 'x-api-key': made.api_key };
  const at = `/api/admin/clients/${victim.client.id}`;
  await server.ask('/api/auth/email-code/send', { body: { email: 'grace@example.com' }, headers });
  const body = {
    email: 'grace@example.com',
    code: await server.codeFor('grace@example.com'),
    token_transport: 'json',
  };
  const grace = (await server.ask('/api/auth/email-code/verify', { body, headers })).body;
  const user = (await server.askAsOwner(`${at}/users`, { body: { email: 'victim@example.com' } })).body;
  const hook = (await server.askAsOwner(`${at}/webhooks`, { body: { url: 'http://127.0.0.1:8080/', events: [] } }))
    .body;
  await server.askAsOwner(`${at}/users/${user.id}`, { method: 'PATCH', body: { display_name: 'Victim' } });
  await server.house.sealer.seal();
  await server.house.eventsOut.webhooks.drain();
  const { query } = server.house.ground.database.read;
  const deliveries = await query.selectFrom('webhook_deliveries').select('id').limit(2).execute();
  const events = await query.selectFrom('audit_events').select('id').limit(5).execute();
  return {
    apiKey: String(made.api_key),
    clientSecret: String(made.client_secret),
    grace,
    clientId: victim.client.id,
    userId: user.id,
    hookId: hook.id,
    deliveries: deliveries.map(({ id }) => id),
    events: events.map(({ id }) => id),
  };
}

async function makeAdministrators(server: TestServer) {
  const owner = await createAdministrator(server, 'owner@example.com');
  const other = await createAdministrator(server, 'other@example.com');
  const { query } = server.house.ground.database.read;
  // Not mailed: the development mailbox shows every link to everybody on this machine.
  const invitation = { email: 'invited@example.com', roles: ['owner'], scope: { kind: 'all' }, send_mail: false };
  const invited = await server.askAsOwner('/api/admin/users', { body: invitation });
  const challenge = (await login(server, other.email)).body.challenge_token;
  const begun = (
    await server.ask('/api/admin/auth/invitation', { body: { token: tokenOf(invited), password: PASSWORD } })
  ).body;
  const sessions = await query.selectFrom('admin_sessions').select('id').execute();
  return {
    owner,
    other,
    invitation: tokenOf(invited),
    challenges: [challenge, begun.challenge_token],
    code: codeAt(server, other.secret, 1),
    sessions: sessions.map(({ id }) => id),
  };
}

async function makeVisitors(server: TestServer): Promise<Credential[]> {
  const own = { origin: ISSUER };
  const begin = async () => {
    const visitor = createVisitor(server);
    await visitor.open('/login');
    await visitor.submit('/login', { email: 'ada@example.com' }, own);
    await visitor.open('/login/code');
    return visitor;
  };
  const known = await begin();
  await known.submit('/login/code', { code: await server.codeFor('ada@example.com') }, own);
  await known.open('/account');
  const begun = await begin();
  return [known, begun].map((visitor, at) => ({
    name: at === 0 ? 'somebody signed in' : 'somebody signing in',
    csrf: visitor.token(),
    headers: {
      cookie: [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      origin: ISSUER,
    },
  }));
}

type Made = {
  client: Awaited<ReturnType<typeof makeClient>>;
  admins: Awaited<ReturnType<typeof makeAdministrators>>;
  users: Awaited<ReturnType<typeof makeUsers>>;
};

/** What callers may show, by the access of a route. */
function credentialsOf({ client, admins, users: { ada } }: Made): Record<string, Credential[]> {
  const breakGlass = { name: 'break-glass key', headers: { 'x-admin-key': ADMIN_KEY } };
  const owner = bearer('token of an owner', admins.owner.token);
  const apiKey = { name: 'API key', headers: { 'x-api-key': client.apiKey } };
  const cookie = `auth_refresh=${ada.refresh_token}`;
  const user = bearer('token of a user', ada.access_token);
  return {
    client: [apiKey, { name: 'refresh cookie', headers: { cookie, origin: ISSUER } }],
    user: [user, bearer('token of a user of another client', client.grace.access_token)],
    direct_user: [user],
    admin: [breakGlass, owner],
    client_admin: [breakGlass, owner],
    admin_session: [owner],
  };
}

/** Values that mean something here, by the names of the fields that may hold them. */
function knownOf({ client, admins, users }: Made): Template['known'] {
  const { ada } = users;
  return {
    email: ['ada@example.com', 'victim@example.com', admins.other.email, 'new@example.com'],
    code: [users.code, admins.code, '000000'],
    password: [PASSWORD, CANARY],
    current_password: [PASSWORD, CANARY],
    new_password: [CANARY, 'another tidy gatehouse'],
    refresh_token: [ada.refresh_token, client.grace.refresh_token],
    challenge_token: admins.challenges,
    token: [admins.invitation],
    request_id: users.requests,
    credential: users.credentials,
    session_id: [ada.session_id, ...admins.sessions],
    client_id: [...Array.from({ length: 7 }, () => client.clientId), ABSENT],
    user_id: [client.userId, client.userId, client.userId, ABSENT],
    delivery_id: client.deliveries,
    event_id: client.events,
    event_ids: [client.events],
    id: [ABSENT, users.passkeyId],
    'passkeys.id': [users.passkeyId, ABSENT],
    'credentials.id': [users.passkeyId, ABSENT],
    'sessions.id': [ada.session_id, ABSENT],
    'users.id': [admins.other.id, ABSENT],
    'webhooks.id': [client.hookId, client.hookId, client.hookId, ABSENT],
    url: ['https://hooks.example.com/in', 'http://127.0.0.1:8080/'],
    allowed_origins: [['https://app.example.com']],
    event_type: ['login_success'],
    cursor: [Buffer.from(ABSENT).toString('base64url')],
    from: ['2026-01-01T00:00:00Z', '1'],
    to: ['2027-01-01T00:00:00Z', '3'],
    from_time: ['2026-01-01T00:00:00Z'],
    rp_id: ['localhost'],
  };
}

function canariesOf({ client, admins, users: { ada } }: Made): string[] {
  const { grace, apiKey, clientSecret } = client;
  const tokens = [ada.access_token, ada.refresh_token, grace.access_token, grace.refresh_token];
  const ofAdmins = [admins.owner.token, admins.owner.secret, admins.invitation, ...admins.challenges];
  return [ADMIN_KEY, SECRET, CANARY, PASSWORD, apiKey, clientSecret, ...tokens, ...ofAdmins];
}

const formFields = ['email', 'code', 'name', 'display_name', 'password', 'token', 'credential', 'request_id'];

/** Makes the template on a new database of `kind`. */
export async function makeTemplate(kind: DatabaseKind): Promise<Template & { forget(): void }> {
  const database = await kind.create();
  const server = await openServer(database.url, createFakeClock());
  const visitors = await makeVisitors(server);
  const client = await makeClient(server);
  const admins = await makeAdministrators(server);
  const made = { client, admins, users: await makeUsers(server) };
  await server.close();
  return {
    url: database.url,
    forget: database.forget,
    at: server.clock.now(),
    credentials: { ...credentialsOf(made), page: visitors },
    known: knownOf(made),
    pageFields: Object.fromEntries(formFields.map((name) => [name, { type: 'string' }])),
    canaries: canariesOf(made),
  };
}

/** A server on a database of this file's making. */
export function openServer(database: string, clock: TestServer['clock'], log?: Log): Promise<TestServer> {
  const resolve = async () => [{ address: '127.0.0.1', family: 4 }];
  return startTestServer({ database, clock, settings: SETTINGS, resolve, ...(log ? { log } : {}) });
}

/** A copy of a database that nobody has open. */
export async function copyDatabase(url: string, to: { url: string }): Promise<void> {
  if (!url.startsWith('postgres')) return copyFileSync(url, to.url);
  const maintenance = new URL(to.url);
  const name = maintenance.pathname.slice(1);
  maintenance.pathname = '/postgres';
  const client = new pg.Client({ connectionString: maintenance.href });
  await client.connect();
  await client.query(`drop database ${name}`);
  await client.query(`create database ${name} template ${new URL(url).pathname.slice(1)}`);
  await client.end();
}
