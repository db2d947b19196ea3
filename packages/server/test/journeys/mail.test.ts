import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  addSmtpServer,
  deleteSmtpServer,
  type NewSmtpServer,
  testSmtpServer,
} from '../../src/platform/mailer/index.ts';
import { startSmtpPeer } from '../kit/smtp-peer.ts';
import { startTestServer, type TestServer } from '../kit/test-server.ts';

let server: TestServer;
let peer: Awaited<ReturnType<typeof startSmtpPeer>>;
beforeAll(async () => {
  server = await startTestServer({ settings: { 'brand.name': 'Acme <b>' } });
  peer = await startSmtpPeer({ refuse: (address) => (address.startsWith('refused') ? 'no such mailbox' : null) });
});
afterAll(async () => {
  await server.close();
  await peer.close();
});

const HOUR = 3_600_000;
const smtp = (change: Partial<NewSmtpServer> = {}): NewSmtpServer => ({
  host: '127.0.0.1',
  port: peer.port,
  username: 'sender',
  password: 'right',
  fromEmail: 'noreply@example.com',
  fromName: 'Acme',
  secure: false,
  active: true,
  weight: 1,
  ...change,
});

async function withServer(change: Partial<NewSmtpServer>, act: (id: string) => Promise<void>): Promise<void> {
  const { id } = await addSmtpServer(server.house.ground, smtp(change));
  await act(id);
  await deleteSmtpServer(server.house.ground, id);
}

const start = (email: string) => server.ask('/email/start', { body: { email } });
const { jobs } = { jobs: () => server.house.ground.jobs };

// D24, R478
test('a code travels by SMTP to the one address it is for, and signs in', async () => {
  await withServer({}, async () => {
    await start('ada@example.com');
    await jobs().drain();
    const [{ from, recipients, mail } = { from: '', recipients: [], mail: undefined }] = peer.arrived.splice(0);
    expect({ from, recipients }).toEqual({ from: 'noreply@example.com', recipients: ['ada@example.com'] });
    expect(mail?.from).toMatchObject({ name: 'Acme', address: 'noreply@example.com' });
    const code = /\b\d{6}\b/.exec(mail?.text ?? '')?.[0];
    expect(mail?.html).toContain(code);
    const answer = await server.ask('/email/verify', { body: { email: 'ada@example.com', code } });
    expect(answer.status).toBe(200);
  });
});

// T-046
test('a brand with markup in its name is text in the mail', async () => {
  await withServer({}, async () => {
    await start('brand@example.com');
    await jobs().drain();
    const [arrived] = peer.arrived.splice(0);
    expect(arrived?.mail.html).toContain('Acme &lt;b&gt;');
    expect(arrived?.mail.subject).toBe('Your Acme <b> verification code');
  });
});

// T-045
test.each([
  'a@example.com\r\nRCPT TO:<evil@example.com>',
  'a@example.com\nBcc: evil@example.com',
  '"a\r\n"@example.com',
])('%j reaches nobody', async (email) => {
  await withServer({}, async () => {
    expect((await start(email)).status).toBe(400);
    await jobs().drain();
    expect(peer.arrived).toEqual([]);
  });
});

test('while the mail server is down the answer is the same, and the mail goes out when it is back', async () => {
  const down = await startSmtpPeer();
  await down.close();
  const { id } = await addSmtpServer(server.house.ground, smtp({ port: down.port }));
  expect((await start('patient@example.com')).body).toEqual({ ok: true });
  await jobs().drain();
  expect(await jobs().count()).toMatchObject([{ kind: 'email_code', waiting: 1, failed: 0 }]);
  await deleteSmtpServer(server.house.ground, id);
  await withServer({}, async () => {
    server.clock.advance(10_000);
    await jobs().drain();
    expect(peer.arrived.splice(0).map((one) => one.recipients)).toEqual([['patient@example.com']]);
  });
});

test('a code that ran out while the mail server was down is not sent any more', async () => {
  const down = await startSmtpPeer();
  await down.close();
  const { id } = await addSmtpServer(server.house.ground, smtp({ port: down.port }));
  await start('stale@example.com');
  await jobs().drain();
  await deleteSmtpServer(server.house.ground, id);
  await withServer({}, async () => {
    server.clock.advance(HOUR);
    await jobs().drain();
    expect(peer.arrived).toEqual([]);
    expect(await jobs().count()).toEqual([]);
  });
});

test('a refused recipient is given up and reported, not tried for days', async () => {
  await withServer({}, async () => {
    await start('refused@example.com');
    await jobs().drain();
    expect(await jobs().count()).toMatchObject([{ kind: 'email_code', failed: 1 }]);
    expect(peer.arrived).toEqual([]);
  });
});

test('a server is tested without a mail, and wrong credentials are told', async () => {
  const { ground } = server.house;
  await withServer({}, async (id) => expect(await testSmtpServer(ground, id)).toBe(true));
  await withServer({ password: 'wrong' }, async (id) => {
    await expect(testSmtpServer(ground, id)).rejects.toMatchObject({ code: 'mail_auth_failed' });
  });
  expect(await testSmtpServer(ground, '01234567-89ab-7000-8000-0123456789ab')).toBeNull();
});

//
test('the password of a mail server is sealed in the database', async () => {
  await withServer({ password: 'canary-password' }, async () => {
    const rows = await server.house.ground.database.read.query.selectFrom('smtp_servers').selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain('canary-password');
  });
});
