import { eventNames } from '@gatehouse/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addSmtpServer, deleteSmtpServer, updateSmtpServer } from '../../src/platform/mailer/index.ts';
import { addOrigin, deleteOrigin, updateOrigin } from '../../src/tenancy/clients/index.ts';
import { rotateSigningKeys } from '../../src/tenancy/signing-keys/index.ts';
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
} from '../kit/administrators.ts';
import { createPasskeyDriver, type PasskeyDriver } from '../kit/passkey-driver.ts';
import { type Answer, startTestServer, type TestServer } from '../kit/test-server.ts';

const DAY = 86_400_000;
const EVENTS = '/api/admin/audit-events';

let server: TestServer;
let passkeys: PasskeyDriver;
let clientId: string;
let user: { id: string; email: string; token: string; session: string; refresh: string };
let hook: { id: string; deliveryId: string };
let smtpId: string;
let passkeyId: string;
let originId: string;
let owner: Person;
let other: Person;
let invited: Answer;
let administered: string;

const SMTP = {
  host: 'smtp.example.com',
  port: 465,
  secure: true,
  username: null,
  password: null,
  weight: 1,
  active: true,
};

beforeAll(async () => {
  server = await startTestServer({
    settings: {
      'webhooks.allowedNetworks': '127.0.0.1/32',
      'webhooks.allowedPorts': 'any',
      'audit.retentionDays': '30',
    },
  });
  passkeys = createPasskeyDriver(server);
  clientId = (await server.askAsOwner('/api/admin/clients', { body: { name: 'Told' } })).body.client.id;
  other = await createAdministrator(server, 'other@example.com');
});
afterAll(() => server.close());

const at = (path: string) => `/api/admin/clients/${clientId}${path}`;
const asOwner = (method: string, path: string, body: unknown = {}) =>
  server.askAsOwner(path, { method, ...(method === 'GET' ? {} : { body }) });
const ground = () => server.house.ground;

async function signIn(email = 'told@example.com'): Promise<void> {
  const { body } = await server.signIn(email);
  const { user: known, access_token: token, session_id: session, refresh_token } = body;
  user = { id: known.id, email, token, session, refresh: refresh_token };
}

const refresh = ({ session, refresh: refresh_token }: typeof user) =>
  server.ask('/session/refresh', { body: { session_id: session, refresh_token } });

async function newest(name: string): Promise<string> {
  return (await asOwner('GET', `${EVENTS}?event_type=${name}&limit=1`)).body.items[0].id;
}

/** One act for each event, in an order in which each finds what it needs. */
const acts: [name: string, actor: string, act: () => Promise<unknown>][] = [
  ['email_code_sent', 'anonymous', () => server.ask('/email/start', { body: { email: 'told@example.com' } })],
  ['user_created', 'user', () => signIn()],
  ['login_success', 'user', () => signIn()],
  ['login_failed', 'anonymous', () => server.ask('/email/verify', { body: { email: user.email, code: '000000' } })],
  ['session_refreshed', 'user', () => refresh(user)],
  [
    'refresh_token_reuse',
    'user',
    async () => {
      server.clock.advance(60_000);
      await refresh(user);
    },
  ],
  [
    'profile_updated',
    'user',
    async () => {
      await signIn();
      await server.ask('/api/auth/me', { method: 'PATCH', body: { display_name: 'Told' }, token: user.token });
    },
  ],
  [
    'passkey_added',
    'user',
    async () => {
      const answer = await passkeys.register(user.token, passkeys.authenticator());
      passkeyId = answer.body.passkey?.id ?? answer.body.id;
    },
  ],
  [
    'passkey_renamed',
    'user',
    () => server.ask(`/api/auth/passkeys/${passkeyId}`, { method: 'PATCH', body: { name: 'Key' }, token: user.token }),
  ],
  [
    'passkey_removed',
    'user',
    () => server.ask(`/api/auth/passkeys/${passkeyId}`, { method: 'DELETE', token: user.token }),
  ],
  [
    'session_revoked',
    'user',
    async () => {
      const gone = (await server.signIn(user.email)).body.session_id;
      await server.ask(`/api/auth/sessions/${gone}`, { method: 'DELETE', token: user.token });
    },
  ],
  [
    'sessions_revoked',
    'user',
    async () => {
      await server.signIn(user.email);
      await server.ask('/api/auth/sessions?except=current', { method: 'DELETE', token: user.token });
    },
  ],
  ['logout_success', 'user', () => server.ask('/session/logout', { body: {}, token: user.token })],

  ['client_created', 'break_glass', () => asOwner('POST', '/api/admin/clients', { name: 'Another' })],
  ['client_updated', 'break_glass', () => asOwner('PATCH', at(''), { name: 'Told again' })],
  ['client_api_key_rotated', 'break_glass', () => asOwner('POST', at('/rotate-api-key'))],
  ['client_secret_rotated', 'break_glass', () => asOwner('POST', at('/rotate-client-secret'))],
  ['client_signing_key_rotated', 'break_glass', () => asOwner('POST', at('/rotate-secret'))],
  ['client_sessions_revoked', 'break_glass', () => asOwner('DELETE', at('/sessions'))],
  [
    'origin_added',
    'operator',
    async () => {
      originId = (await addOrigin(ground(), { clientId, origin: 'https://told.example' })).id;
    },
  ],
  [
    'origin_updated',
    'operator',
    () => updateOrigin(ground(), { clientId, id: originId, origin: 'https://new.example' }),
  ],
  ['origin_deleted', 'operator', () => deleteOrigin(ground(), { clientId, id: originId })],
  [
    'smtp_server_added',
    'operator',
    async () => {
      smtpId = (await addSmtpServer(ground(), { ...SMTP, fromEmail: 'a@example.com', fromName: null })).id;
    },
  ],
  [
    'smtp_server_updated',
    'operator',
    () => updateSmtpServer(ground(), { id: smtpId, change: { host: 'mail.example.com' } }),
  ],
  ['smtp_server_deleted', 'operator', () => deleteSmtpServer(ground(), smtpId)],
  ['signing_key_rotated', 'operator', () => rotateSigningKeys({ ...ground(), longestTokenTtlMs: DAY })],

  [
    'webhook_endpoint_created',
    'break_glass',
    async () => {
      const answer = await asOwner('POST', at('/webhooks'), { url: 'http://127.0.0.1:1/' });
      hook = { id: answer.body.id ?? answer.body.endpoint?.id, deliveryId: '' };
    },
  ],
  [
    'webhook_endpoint_updated',
    'break_glass',
    () => asOwner('PATCH', at(`/webhooks/${hook.id}`), { events: ['user_*'] }),
  ],
  ['webhook_secret_rotated', 'break_glass', () => asOwner('POST', at(`/webhooks/${hook.id}/rotate-secret`))],
  ['webhook_endpoint_tested', 'break_glass', () => asOwner('POST', at(`/webhooks/${hook.id}/test`))],
  ['webhook_replay_started', 'break_glass', () => asOwner('POST', at(`/webhooks/${hook.id}/replay`), { from_seq: 0 })],

  [
    'user_updated',
    'break_glass',
    async () => {
      administered = (await asOwner('POST', at('/users'), { email: 'administered@example.com' })).body.id;
      await asOwner('PATCH', at(`/users/${administered}`), { display_name: 'Administered' });
    },
  ],
  [
    'webhook_redelivered',
    'break_glass',
    async () => {
      await server.house.sealer.seal();
      await server.house.eventsOut.webhooks.drain();
      const { items } = (await asOwner('GET', at(`/webhooks/${hook.id}/deliveries`))).body;
      await asOwner('POST', at(`/webhooks/${hook.id}/deliveries/${items[0].id}/redeliver`));
    },
  ],
  ['webhook_endpoint_deleted', 'break_glass', () => asOwner('DELETE', at(`/webhooks/${hook.id}`))],
  ['user_exported', 'break_glass', () => asOwner('GET', at(`/users/${administered}/export`))],
  ['user_unlocked', 'break_glass', () => asOwner('POST', at(`/users/${administered}/unlock`))],
  ['user_deleted', 'break_glass', () => asOwner('DELETE', at(`/users/${administered}`))],
  ['client_disabled', 'break_glass', () => asOwner('PATCH', at(''), { status: 'disabled' })],

  [
    'admin_invited',
    'break_glass',
    async () => {
      invited = await invite(server, 'owner@example.com');
    },
  ],
  [
    'admin_activated',
    'administrator',
    async () => {
      const secret = await accept(server, invited);
      owner = { id: invited.body.administrator.id, email: 'owner@example.com', secret, token: '' };
    },
  ],
  ['admin_login_failed', 'anonymous', () => login(server, 'owner@example.com', 'not their password')],
  [
    'admin_login_success',
    'administrator',
    async () => {
      owner.token = (await signInAdministrator(server, owner)).body.access_token;
    },
  ],
  [
    'admin_step_up',
    'administrator',
    async () => {
      const body = { code: nextCode(server, owner.secret) };
      await server.ask('/api/admin/auth/step-up', { body, token: owner.token });
    },
  ],
  [
    'admin_password_changed',
    'administrator',
    () => {
      const body = { current_password: PASSWORD, new_password: 'another tidy gatehouse' };
      return server.ask('/api/admin/auth/password', { body, token: owner.token });
    },
  ],
  [
    'admin_totp_replaced',
    'administrator',
    async () => {
      const begun = await server.ask('/api/admin/auth/totp', { body: {}, token: owner.token });
      const code = codeAt(server, begun.body.secret ?? begun.body.totp.secret);
      await server.ask('/api/admin/auth/totp/confirm', { body: { code }, token: owner.token });
    },
  ],
  [
    'admin_updated',
    'administrator',
    () =>
      server.ask(`/api/admin/users/${other.id}`, {
        method: 'PATCH',
        body: { roles: ['billing_admin'] },
        token: owner.token,
      }),
  ],
  [
    'admin_permission_denied',
    'administrator',
    async () => {
      const { token } = { token: (await signInAdministrator(server, other)).body.access_token };
      await server.ask('/api/admin/config', { token });
    },
  ],
  [
    'admin_reset',
    'administrator',
    () => server.ask(`/api/admin/users/${other.id}/reset`, { method: 'POST', body: {}, token: owner.token }),
  ],
  [
    'admin_removed',
    'administrator',
    () => server.ask(`/api/admin/users/${other.id}`, { method: 'DELETE', token: owner.token }),
  ],
  ['admin_logout', 'administrator', () => server.ask('/api/admin/auth/logout', { body: {}, token: owner.token })],

  ['break_glass_used', 'break_glass', () => asOwner('GET', '/api/admin/clients')],
  ['break_glass_failed', 'break_glass', () => server.ask('/api/admin/clients', { headers: { 'x-admin-key': 'no' } })],
  ['system_config_updated', 'break_glass', () => asOwner('PATCH', '/api/admin/config', { brand: { name: 'Told' } })],
  ['audit_exported', 'break_glass', () => asOwner('GET', `${EVENTS}/export`)],
  [
    'audit_hold_placed',
    'break_glass',
    async () => {
      const event_ids = [await newest('client_disabled')];
      await asOwner('POST', `${EVENTS}/legal-hold`, { event_ids, legal_hold: true, reason: 'a case' });
    },
  ],
  [
    'audit_hold_released',
    'break_glass',
    async () => {
      const event_ids = [await newest('client_disabled')];
      await asOwner('POST', `${EVENTS}/legal-hold`, { event_ids, legal_hold: false });
    },
  ],
  [
    'audit_purged',
    'break_glass',
    async () => {
      server.clock.advance(31 * DAY);
      await asOwner('POST', `${EVENTS}/retention/purge`, { dry_run: false });
    },
  ],
];

/** What a receiver does, and is tested where webhooks are. */
const ELSEWHERE = ['webhook_delivery_dead', 'webhook_endpoint_disabled'];

test('there is an act here for every event', () => {
  expect([...acts.map(([name]) => name), ...ELSEWHERE].sort()).toEqual(Object.keys(eventNames).sort());
});

//
test.each(acts)('%s is written down once, by %s, with where it came from', async (...[name, actor, act]) => {
  const [before] = (await asOwner('GET', `${EVENTS}?limit=1`)).body.items;
  await act();
  const { items } = (await asOwner('GET', `${EVENTS}?event_type=${name}&limit=100`)).body;
  const told = items.filter((event: { seq: number }) => event.seq > before.seq);
  // Reading the log is itself a use of the key.
  const [event, ...more] = name === 'break_glass_used' ? told.slice(1) : told;
  expect(more).toEqual([]);
  expect(event).toMatchObject({ event_type: name, actor_type: actor });
  expect(event.target_type).not.toBe('');
  if (actor !== 'operator') expect([event.ip, event.request_id]).toEqual(['127.0.0.1', expect.stringMatching(/./)]);
});
