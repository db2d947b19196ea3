import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../../test/kit/test-server.ts';

let server: TestServer;
let shop: { client: { id: string }; api_key: string };

const auth_ui = {
  brand_name: 'Blumen & Söhne',
  logo_url: 'https://static.shop.example/logo.svg',
  primary_color: '#ffee00',
  locale: 'de',
  redirect_url: 'https://shop.example/welcome',
  oauth_providers: ['google'],
};

beforeAll(async () => {
  server = await startTestServer();
  shop = (await server.askAsOwner('/api/admin/clients', { body: { name: 'Shop', settings: { auth_ui } } })).body;
});
afterAll(() => server.close());

const named = (path: string) => `${path}?client_id=${shop.client.id}`;
const policyOf = (answer: { headers: Headers }) => answer.headers.get('content-security-policy') ?? '';

// R356
describe('the pages of a client', () => {
  test('wear its name, logo, colour and language', async () => {
    const page = await server.ask(named('/login'));
    expect(page.text).toContain('Blumen &amp; Söhne');
    expect(page.text).toContain('src="https://static.shop.example/logo.svg"');
    expect(page.text).toContain(named('/brand.css'));
    expect(page.text).toContain('lang="de"');
    expect((await server.ask(named('/brand.css'))).text).not.toContain('#ffee00;--accent-ink');
  });

  //
  test('may load the logo from its host and images from nowhere else', async () => {
    expect(policyOf(await server.ask(named('/login')))).toContain("img-src 'self' data: https://static.shop.example;");
    expect(policyOf(await server.ask('/login'))).toContain("img-src 'self' data:;");
  });

  test('lead to its own address once somebody has signed in', async () => {
    expect(policyOf(await server.ask(named('/login')))).toContain('https://shop.example');
    expect(policyOf(await server.ask('/login'))).not.toContain('https://shop.example');
  });

  test('look like it when something is refused, and like the house when nobody knows whose they are', async () => {
    await server.askAsOwner(`/api/admin/clients/${shop.client.id}`, { method: 'PATCH', body: { status: 'disabled' } });
    const refused = await server.ask(named('/login'), { headers: { accept: 'text/html' } });
    expect(refused.status).toBe(403);
    expect(refused.text).toContain('Blumen &amp; Söhne');
    expect(policyOf(refused)).toContain('https://static.shop.example');
    await server.askAsOwner(`/api/admin/clients/${shop.client.id}`, { method: 'PATCH', body: { status: 'active' } });
    const unknown = await server.ask('/login?client_id=nobody', { headers: { accept: 'text/html' } });
    expect(unknown.status).toBe(401);
    expect(unknown.text).not.toContain('Blumen');
    const absent = await server.ask(named('/nowhere'), { headers: { accept: 'text/html' } });
    expect([absent.status, absent.text.includes('Blumen')]).toEqual([404, true]);
  });

  test.each(['administrators', '../x', '%00', 'x'.repeat(3000)])('nobody is %.20s', async (id) => {
    const page = await server.ask(`/login?client_id=${id}`, { headers: { accept: 'text/html' } });
    expect(page.status).toBe(401);
  });
});

// R356
test('mails of a client wear its name, those of the others do not', async () => {
  const send = (headers: Record<string, string>, email: string) =>
    server.ask('/api/auth/email-code/send', { body: { email }, headers });
  await send({ 'x-api-key': shop.api_key }, 'branded@example.com');
  await send({}, 'plain@example.com');
  expect((await server.mailTo('branded@example.com')).subject).toContain('Blumen & Söhne');
  expect((await server.mailTo('plain@example.com')).subject).not.toContain('Blumen');
});

// R355
describe('what a front end is told about its client', () => {
  test('brand, languages, ways to sign in and pages', async () => {
    const { body } = await server.ask('/api/auth/ui/config', { headers: { 'x-api-key': shop.api_key } });
    expect(body).toMatchObject({
      client_id: shop.client.id,
      brand_name: 'Blumen & Söhne',
      logo_url: auth_ui.logo_url,
      primary_color: '#ffee00',
      locale: 'de',
      locales: ['en', 'de'],
      redirect_url: auth_ui.redirect_url,
      login_methods: ['email_otp', 'passkey'],
      oauth_providers: [],
      pages: { sign_in: `${server.url}${named('/login')}`, account: `${server.url}/account` },
    });
    expect(body.accent.on_light).not.toBe('#ffee00');
    expect((await server.ask(named('/api/auth/ui/config'))).body).toEqual(body);
  });

  test('the default client, when nobody is named, with what is the server’s own', async () => {
    const { body } = await server.ask('/api/auth/ui/config');
    expect(body).toMatchObject({ client_id: 'default', brand_name: 'Gatehouse', logo_url: null, redirect_url: null });
  });

  test('pages of a registered origin may ask', async () => {
    const origin = 'https://front.example';
    const body = { allowed_origins: [origin] };
    await server.askAsOwner(`/api/admin/clients/${shop.client.id}`, { method: 'PATCH', body });
    const answer = await server.ask('/api/auth/ui/config', { headers: { origin } });
    expect(answer.body.client_id).toBe(shop.client.id);
    expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
  });

  test('a client that does not exist is refused', async () => {
    expect((await server.ask('/api/auth/ui/config?client_id=nobody')).body.error).toBe('invalid_client');
  });
});
