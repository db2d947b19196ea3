import { afterAll, beforeAll, expect, test } from 'vitest';
import { createVisitor } from '../../../test/kit/page-visitor.ts';
import { createPasskeyDriver, type PasskeyDriver } from '../../../test/kit/passkey-driver.ts';
import { startTestServer, type TestServer } from '../../../test/kit/test-server.ts';
import { queueNotice } from './index.ts';

let server: TestServer;
let driver: PasskeyDriver;
let people = 0;
beforeAll(async () => {
  server = await startTestServer();
  driver = createPasskeyDriver(server);
});
afterAll(() => server.close());

const newAddress = () => `person-${++people}@example.com`;
const waiting = async () => (await server.house.ground.jobs.count()).find(({ kind }) => kind === 'account_notice');

/** Adds a client; its users are signed in and given passkeys with its key. */
async function createClient(settings: object) {
  const { client, api_key } = (await server.askAsOwner('/api/admin/clients', { body: { name: 'Florist', settings } }))
    .body;
  const headers = { 'x-api-key': api_key, origin: server.url };
  const post = (path: string, body: object, token?: string) =>
    server.ask(`/api/auth${path}`, { body, headers, ...(token && { token }) });
  return {
    id: client.id as string,
    async signIn(email: string): Promise<string> {
      server.clock.advance(1);
      await post('/email-code/send', { email });
      return (await post('/email-code/verify', { email, code: await server.codeFor(email) })).body.access_token;
    },
    async addPasskey(token: string) {
      const { request_id, publicKey } = (await post('/passkey/register/begin', {}, token)).body;
      const credential = driver.authenticator().register(publicKey);
      return post('/passkey/register/finish', { request_id, credential }, token);
    },
  };
}

//
test('whoever adds a passkey, or removes one, is told by mail', async () => {
  const email = newAddress();
  const { access_token: token } = (await server.signIn(email)).body;
  const { passkey } = (await driver.register(token, driver.authenticator())).body;
  const added = await server.mailTo(email);
  expect(added.subject).toBe('A passkey was added to your Gatehouse account');
  const day = new Intl.DateTimeFormat('en', { dateStyle: 'long', timeZone: 'UTC' }).format(server.clock.now());
  expect(added.text).toContain(`On ${day} at `);
  expect(added.text).toContain('remove every passkey that is not yours');
  await server.ask(`/api/auth/passkeys/${passkey.id}`, { method: 'DELETE', token });
  expect((await server.mailTo(email)).subject).toBe('A passkey was removed from your Gatehouse account');
});

test('a notice holds no link and nothing that whoever made the change could write', async () => {
  const email = newAddress();
  const { access_token: token } = (await server.signIn(email)).body;
  const headers = { origin: server.url };
  const options = (await server.ask('/webauthn/register/options', { body: {}, headers, token })).body;
  const credential = driver.authenticator().register(options.publicKey);
  const body = { request_id: options.request_id, credential, name: 'go to evil.example' };
  expect((await server.ask('/webauthn/register/verify', { body, headers, token })).status).toBe(200);
  const mail = await server.mailTo(email);
  expect(mail.subject).toContain('passkey');
  expect(mail.text + mail.html).not.toMatch(/https?:\/\/|href=|evil\.example/);
});

test('a notice speaks the language of the request', async () => {
  const email = newAddress();
  const { access_token: token } = (await server.signIn(email)).body;
  const { passkey } = (await driver.register(token, driver.authenticator())).body;
  const headers = { 'accept-language': 'de-CH, en;q=0.3' };
  await server.ask(`/webauthn/credentials/${passkey.id}`, { method: 'DELETE', token, headers });
  const mail = await server.mailTo(email);
  expect(mail.subject).toBe('Von Ihrem Konto bei Gatehouse wurde ein Passkey entfernt');
  expect(mail.html).toContain('<html lang="de"');
});

test('the account page has them told as well, in the language of the page', async () => {
  const email = newAddress();
  const visitor = createVisitor(server);
  await visitor.signIn(email);
  await visitor.open('/account');
  const { request_id, publicKey } = (await visitor.post('/account/passkeys/options', {})).body;
  const credential = driver.authenticator().register(publicKey);
  const german = { 'accept-language': 'de' };
  expect((await visitor.post('/account/passkeys', { request_id, credential }, german)).status).toBe(200);
  expect((await server.mailTo(email)).subject).toBe('Zu Ihrem Konto bei Gatehouse kam ein Passkey hinzu');
  const remove = /\/account\/passkeys\/[0-9a-f-]+\/remove/.exec((await visitor.open('/account')).text)?.[0] ?? '';
  await visitor.open(remove);
  await visitor.submit(remove);
  expect((await server.mailTo(email)).subject).toBe('A passkey was removed from your Gatehouse account');
});

test('a notice wears the brand of the client, and speaks its language where the request names none', async () => {
  const client = await createClient({ auth_ui: { brand_name: 'Blumen', locale: 'de' } });
  const email = newAddress();
  expect((await client.addPasskey(await client.signIn(email))).status).toBe(200);
  expect((await server.mailTo(email)).subject).toBe('Zu Ihrem Konto bei Blumen kam ein Passkey hinzu');
});

test('a client switches notices off, and on again', async () => {
  const client = await createClient({ notify_on_factor_change: false });
  const email = newAddress();
  const token = await client.signIn(email);
  expect((await client.addPasskey(token)).status).toBe(200);
  expect((await server.mailTo(email)).subject).toContain('verification code');
  const body = { settings: { notify_on_factor_change: null } };
  await server.askAsOwner(`/api/admin/clients/${client.id}`, { method: 'PATCH', body });
  server.clock.advance(1001);
  await client.addPasskey(token);
  expect((await server.mailTo(email)).subject).toContain('A passkey was added');
});

test('nobody is told of what did not happen', async () => {
  const email = newAddress();
  const { access_token: token } = (await server.signIn(email)).body;
  expect((await driver.register(token, driver.authenticator(), { userVerified: false })).status).toBe(400);
  await server.ask('/api/auth/passkeys/01890000-0000-7000-8000-000000000000', { method: 'DELETE', token });
  expect((await server.mailTo(email)).subject).toContain('verification code');
});

test('an address that nobody verified, or that is not there, is told nothing', async () => {
  const email = newAddress();
  const made = await server.askAsOwner('/api/admin/clients/default/users', { body: { email } });
  const { ground } = server.house;
  const note = (userId: string) =>
    ground.database.write((tx) =>
      queueNotice({ ...ground, tx }, { clientId: 'default', userId, change: 'passkey_added', locale: '' }),
    );
  expect(made.body).toMatchObject({ email, email_verified: false });
  await note(made.body.id);
  await note('01890000-0000-7000-8000-000000000000');
  expect(await waiting()).toBeUndefined();
});

test('without a way to send mail nothing waits and nothing fails', async () => {
  const mute = await startTestServer({ settings: { 'mail.transport': 'smtp' } });
  const { ground } = mute.house;
  const body = { email: 'mute@example.com', email_verified: true };
  const { id } = (await mute.askAsOwner('/api/admin/clients/default/users', { body })).body;
  await ground.database.write((tx) =>
    queueNotice({ ...ground, tx }, { clientId: 'default', userId: id, change: 'passkey_added', locale: '' }),
  );
  expect(await ground.jobs.count()).toMatchObject([{ kind: 'account_notice', waiting: 1 }]);
  await ground.jobs.drain();
  expect(await ground.jobs.count()).toEqual([]);
  await mute.close();
});
