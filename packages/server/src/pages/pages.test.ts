import { afterAll, beforeAll, expect, test } from 'vitest';
import { createVisitor, type PageVisitor } from '../../test/kit/page-visitor.ts';
import { startTestServer, type TestServer } from '../../test/kit/test-server.ts';
import { createPages } from './index.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const ID = '01890000-0000-7000-8000-000000000000';

function postAddresses(): string[] {
  const { routes } = createPages(server.house);
  return routes.filter(({ method }) => method === 'POST').map(({ path }) => path.replace(':id', ID));
}

type Attack = (visitor: PageVisitor, address: string) => Promise<{ status: number }>;

const attacks: [string, Attack][] = [
  ['no token', (visitor, address) => visitor.submit(address, { csrf: '' })],
  [
    'a token of another browser',
    async (visitor, address) => {
      const other = createVisitor(server);
      await other.open('/login');
      return visitor.submit(address, { csrf: other.token() });
    },
  ],
  ['a foreign Origin', (visitor, address) => visitor.submit(address, {}, { origin: 'https://evil.example' })],
  ['a look-alike Origin', (visitor, address) => visitor.submit(address, {}, { origin: `${server.url}.evil.example` })],
  ['Origin null', (visitor, address) => visitor.submit(address, {}, { origin: 'null' })],
  ['Sec-Fetch-Site cross-site', (visitor, address) => visitor.submit(address, {}, { 'sec-fetch-site': 'cross-site' })],
  ['Sec-Fetch-Site same-site', (visitor, address) => visitor.submit(address, {}, { 'sec-fetch-site': 'same-site' })],
  ['JSON with no token', (visitor, address) => visitor.post(address, {}, { 'x-csrf-token': '' })],
];

// T-060, T-061, A-053, N-22
test.each(attacks)('every form refuses %s', async (_name, attack) => {
  const visitor = createVisitor(server);
  await visitor.signIn('csrf@example.com');
  await visitor.open('/account');
  const addresses = postAddresses();
  expect(addresses.length).toBeGreaterThan(10);
  for (const address of addresses) expect([address, (await attack(visitor, address)).status]).toEqual([address, 403]);
  expect((await visitor.open('/account')).status).toBe(200);
});

// T-060
test('a form as plain text is not read at all', async () => {
  const visitor = createVisitor(server);
  await visitor.signIn('plain@example.com');
  for (const address of postAddresses()) {
    const answer = await visitor.submit(address, {}, { 'content-type': 'text/plain' });
    expect([400, 403, 415]).toContain(answer.status);
  }
  expect((await visitor.open('/account')).status).toBe(200);
});

test('pages of a person lead strangers to the sign-in page and back', async () => {
  const answer = await createVisitor(server).open('/account');
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/login?return_to=%2Faccount']);
});

// O-262, T-064
test('opening the sign-out page changes nothing; its form ends the session', async () => {
  const visitor = createVisitor(server);
  await visitor.signIn('out@example.com');
  expect((await visitor.open('/logout')).text).toContain('Sign out?');
  expect((await visitor.open('/account')).status).toBe(200);
  const cookie = visitor.cookies.get('gatehouse_session') ?? '';
  await visitor.open('/logout');
  expect((await visitor.submit('/logout')).headers.get('location')).toBe('/logout');
  expect((await visitor.open('/logout')).text).toContain('Signed out');
  visitor.cookies.set('gatehouse_session', cookie);
  expect((await visitor.open('/account')).status).toBe(303);
});

// A-100, N-23
test('cookies are out of reach for scripts and other sites, and hold nothing readable', async () => {
  const visitor = createVisitor(server);
  await visitor.signIn('flags@example.com');
  const line = (name: string) => visitor.received.find((one) => one.startsWith(`${name}=`)) ?? '';
  expect(line('gatehouse_session')).toMatch(/; Path=\/; HttpOnly; SameSite=Lax; Max-Age=604800$/);
  expect(line('gatehouse_flow')).toMatch(/; Path=\/; HttpOnly; SameSite=Lax$/);
  const clear = visitor.received.map((one) => Buffer.from(one.split(/[=;]/)[1] ?? '', 'base64url').toString('latin1'));
  expect([...visitor.received, ...clear].join()).not.toContain('flags@');
});

//
test('on https the cookies are __Host- cookies, and every page says so for a year', async () => {
  const issuer = 'https://auth.example.com';
  const own = await startTestServer({ settings: { 'server.issuer': issuer } });
  const visitor = createVisitor(own);
  const page = await visitor.open('/login');
  expect(page.headers.get('strict-transport-security')).toContain('max-age=31536000');
  await visitor.submit('/logout', {}, { origin: issuer });
  for (const name of ['__Host-gatehouse_flow', '__Host-gatehouse_session']) {
    const lines = visitor.received.filter((one) => one.startsWith(`${name}=`));
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) expect(line).toMatch(/; Path=\/; HttpOnly; SameSite=Lax; Secure/);
    for (const line of lines) expect(line).not.toContain('Domain');
  }
  await own.close();
});

// T-044
test.each([
  { host: 'evil.example' },
  { 'x-forwarded-host': 'evil.example' },
  { forwarded: 'host=evil.example;proto=https' },
  { 'x-original-url': 'https://evil.example/' },
])('no page and no mail repeats a host named by %j', async (headers) => {
  const visitor = createVisitor(server);
  for (const path of ['/', '/login', '/login.html', '/account', '/logout', '/nothing', '/docs']) {
    const answer = await visitor.open(path, { accept: 'text/html', ...headers });
    expect(answer.text + JSON.stringify([...answer.headers])).not.toContain('evil.example');
  }
  await visitor.open('/login');
  await visitor.submit('/login', { email: 'poison@example.com' }, headers);
  const mail = await server.mailTo('poison@example.com');
  expect(mail.html + mail.text).not.toContain('evil.example');
});

const INJECTION = '"><img src=x onerror=alert(1)>{{constructor}}';

// T-046
test('markup in a name stays text on the page', async () => {
  const visitor = createVisitor(server);
  await visitor.signIn('inject@example.com');
  await visitor.open('/account');
  await visitor.submit('/account/name', { display_name: INJECTION });
  const { text } = await visitor.open('/account');
  expect(text).toContain('value="&quot;&gt;&lt;img src=x onerror=alert(1)&gt;{{constructor}}"');
  expect(text).not.toContain('<img');
});

// T-046
test('markup in the brand and in an address stays text on pages and in mails', async () => {
  const own = await startTestServer({ settings: { 'brand.name': INJECTION } });
  const visitor = createVisitor(own);
  expect((await visitor.open('/login')).text).not.toContain('<img');
  expect((await visitor.submit('/login', { email: INJECTION })).text).not.toContain('<img');
  await visitor.submit('/login', { email: 'inject@example.com' });
  expect((await own.mailTo('inject@example.com')).html).not.toContain('<img');
  const mailbox = (await visitor.open('/dev/mailbox')).text;
  expect(mailbox).toContain('&lt;img');
  expect(mailbox).not.toContain('<img');
  await own.close();
});

// A-101, O-019, T-063
test('every page forbids frames and inline code, errors included', async () => {
  const visitor = createVisitor(server);
  for (const path of ['/login', '/logout', '/nothing', '/%zz', '/login?client_id=nobody']) {
    const { headers, text } = await visitor.open(path, { accept: 'text/html' });
    expect(headers.get('content-security-policy')).toContain("style-src 'self'");
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('content-security-policy')).not.toContain('unsafe');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('permissions-policy')).toContain('camera=()');
    expect(text).not.toMatch(/<style|style="|<script>|\son\w+="/);
  }
});

test('an unknown address is a page for a person and JSON for a program', async () => {
  const page = await server.ask('/nothing', { headers: { accept: 'text/html', 'accept-language': 'de' } });
  expect(page.status).toBe(404);
  expect(page.text).toContain('Hier ist nichts');
  expect(page.text).toContain(page.headers.get('x-request-id') ?? '-');
  expect((await server.ask('/nothing')).body.error).toBe('not_found');
});

test.each([
  ['/login.html?client_id=a%26b&locale=de', '/login?client_id=a%26b&locale=de'],
  ['/signup.html', '/login'],
  ['/account.html', '/account'],
  ['/logout.html', '/logout'],
])('%s leads for good to %s', async (from, to) => {
  const answer = await server.ask(from);
  expect([answer.status, answer.headers.get('location')]).toEqual([308, to]);
});

test('the language follows the browser, then the choice, and mails follow too', async () => {
  const visitor = createVisitor(server);
  const german = { 'accept-language': 'de-AT,en;q=0.5' };
  const page = await visitor.open('/login', german);
  expect(page.text).toContain('<html lang="de"');
  expect(page.text).toContain('Code senden');
  await visitor.submit('/login', { email: 'anna@example.com' }, german);
  expect((await server.mailTo('anna@example.com')).subject).toContain('Bestätigungscode');
  expect((await visitor.open('/login?locale=en', german)).text).toContain('Send code');
  expect((await visitor.open('/login', german)).text).toContain('Send code');
  expect((await visitor.open('/login?locale=xx', german)).text).toContain('Send code');
});

test('the mailbox shows the code, and is nowhere to be found when mails really leave', async () => {
  const visitor = createVisitor(server);
  await visitor.open('/login');
  await visitor.submit('/login', { email: 'box@example.com' });
  const code = await server.codeFor('box@example.com');
  const { text } = await visitor.open('/dev/mailbox');
  expect(text).toContain(`data-code="${code}"`);
  const address = /src="(\/dev\/mailbox\/[^"]+)"/.exec(text)?.[1] ?? '';
  const mail = await visitor.open(address);
  expect(mail.headers.get('content-security-policy')).toMatch(/sandbox$/);
  const real = await startTestServer({ settings: { 'mail.transport': 'smtp' } });
  for (const path of ['/dev/mailbox', address]) expect((await real.ask(path)).status).toBe(404);
  await real.close();
});

test('the sheet and the script of the pages weigh at most 30 KB together, and are kept by browsers', async () => {
  const { text } = await server.ask('/login');
  const addresses = [...text.matchAll(/(?:href|src)="(\/auth-ui\.[^"]+)"/g)].map(([, address]) => address ?? '');
  expect(addresses).toHaveLength(2);
  const answers = await Promise.all(addresses.map((address) => server.ask(address)));
  expect(answers.reduce((sum, answer) => sum + answer.text.length, 0)).toBeLessThan(30_000);
  for (const answer of answers) expect(answer.headers.get('cache-control')).toContain('immutable');
  const etag = answers[0]?.headers.get('etag') ?? '';
  expect((await server.ask('/auth-ui.css', { headers: { 'if-none-match': etag } })).status).toBe(304);
  expect((await server.ask('/auth-ui.css')).headers.get('cache-control')).toBe('no-cache');
});

test('a brand colour arrives as a sheet, corrected until it can be read', async () => {
  const own = await startTestServer({ settings: { 'brand.color': '#ffee00', 'brand.name': 'Acme' } });
  expect((await own.ask('/login')).text).toContain('href="/brand.css"');
  const { text } = await own.ask('/brand.css');
  expect(text).toMatch(/--accent:#[0-9a-f]{6}/);
  expect(text).not.toContain('--accent:#ffee00');
  await own.close();
});

test('the browser SDK is open to pages of any origin', async () => {
  for (const path of ['/gatehouse.js', '/sdk/gatehouse.js', '/sdk/gatehouse.d.ts']) {
    const { status, headers } = await server.ask(path, { headers: { origin: 'https://anybody.example' } });
    expect(status).toBe(200);
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(headers.get('cross-origin-resource-policy')).toBe('cross-origin');
  }
});

test('without hosted pages the assets stay', async () => {
  const own = await startTestServer({ settings: { 'server.hostedPages': 'false' } });
  expect((await own.ask('/login')).status).toBe(404);
  for (const path of ['/auth-ui.css', '/gatehouse.js', '/favicon.svg']) expect((await own.ask(path)).status).toBe(200);
  await own.close();
});
