import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { codeAt, invite, PASSWORD, signInAdministrator, tokenOf } from '../../../test/kit/administrators.ts';
import { createVisitor, type PageVisitor } from '../../../test/kit/page-visitor.ts';
import { type Answer, startTestServer, type TestServer } from '../../../test/kit/test-server.ts';

const PAGE = '/admin/invitation';
let server: TestServer;
let visitor: PageVisitor;
let invited: Answer;
let turn = 0;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());
beforeEach(async () => {
  visitor = createVisitor(server);
  invited = await invite(server, `invited-${turn++}@example.com`);
});

const email = () => invited.body.administrator.email as string;
const open = async () => {
  const led = await visitor.open(`${PAGE}?token=${tokenOf(invited)}`);
  return { led, page: await visitor.open(PAGE) };
};
const secretIn = (page: Answer) => (/<code>([A-Z2-7 ]+)<\/code>/.exec(page.text)?.[1] ?? '').replaceAll(' ', '');

test('an invitation is accepted on pages, without a script, and the person can sign in', async () => {
  expect((await open()).page.text).toContain(email());
  expect((await visitor.submit(PAGE, { password: PASSWORD })).headers.get('location')).toBe(`${PAGE}/app`);
  const app = await visitor.open(`${PAGE}/app`);
  expect(app.text).toContain('<svg class="qr"');
  const secret = secretIn(app);
  const confirmed = await visitor.submit(`${PAGE}/app`, { code: codeAt(server, secret) });
  expect(confirmed.headers.get('location')).toBe(`${PAGE}/done`);
  expect((await visitor.open(`${PAGE}/done`)).text).toContain('You are set');
  expect((await signInAdministrator(server, { email: email(), secret })).status).toBe(200);
  expect((await open()).page.text).toContain('no longer works');
});

// T-040, T-042, D11
test('looking at the link spends nothing, and the token leaves the address at once', async () => {
  for (let looks = 0; looks < 3; looks++) {
    const { led, page } = await open();
    expect(led).toMatchObject({ status: 303 });
    expect(led.headers.get('location')).toBe(PAGE);
    expect(led.headers.get('referrer-policy')).toBe('no-referrer');
    expect(page.text).not.toContain(tokenOf(invited));
    expect(page.headers.get('referrer-policy')).toBe('same-origin');
  }
  expect((await visitor.submit(PAGE, { password: PASSWORD })).status).toBe(303);
});

//
test('the fields say what they are for', async () => {
  const { page } = await open();
  expect(page.text).toMatch(/name="password" type="password" autocomplete="new-password"/);
  expect(page.text).toMatch(/autocomplete="username"/);
  expect(page.text).not.toMatch(/onpaste|autocomplete="off"/);
  await visitor.submit(PAGE, { password: PASSWORD });
  expect((await visitor.open(`${PAGE}/app`)).text).toMatch(/autocomplete="one-time-code"/);
});

// N-05
test.each([
  ['short', 'Use at least 8 characters'],
  ['iloveyou', 'among those that are tried first'],
  ['abcdefghij', 'plain sequence'],
  ['x'.repeat(300), 'too long'],
])('the password %s is refused with a sentence that helps', async (password, sentence) => {
  await open();
  const refused = await visitor.submit(PAGE, { password });
  expect(refused.status).toBe(400);
  expect(refused.text).toContain(sentence);
  expect(refused.text).not.toContain(`value="${password}"`);
});

test('a wrong code is said so, and the same secret is shown again', async () => {
  await open();
  await visitor.submit(PAGE, { password: PASSWORD });
  const before = secretIn(await visitor.open(`${PAGE}/app`));
  for (const code of ['12', codeAt(server, before) === '000000' ? '111111' : '000000']) {
    const wrong = await visitor.submit(`${PAGE}/app`, { code });
    expect(wrong.text).toContain('That code is not right');
    expect(secretIn(wrong)).toBe(before);
  }
  expect((await visitor.submit(`${PAGE}/app`, { code: codeAt(server, before) })).status).toBe(303);
});

test('whoever is too slow starts again with the same link', async () => {
  await open();
  await visitor.submit(PAGE, { password: PASSWORD });
  server.clock.advance(900_000);
  expect((await visitor.open(`${PAGE}/app`)).headers.get('location')).toBe(PAGE);
  expect((await visitor.open(PAGE)).text).toContain(email());
});

test.each(['', '?token=', '?token=nonsense', `?token=gh_ai_01234567-89ab-7000-8000-0123456789ab.${'x'.repeat(43)}`])(
  'the made-up link %s leads to a page that says what to do',
  async (query) => {
    await visitor.open(`${PAGE}${query}`);
    const page = await visitor.open(PAGE);
    expect(page.status).toBe(400);
    expect(page.text).toContain('Ask whoever invited you');
  },
);

// T-060
test('a form from another page is refused', async () => {
  await open();
  const refused = await visitor.submit(PAGE, { password: PASSWORD, csrf: 'another' });
  expect(refused.status).toBe(403);
});

test('the pages speak German too', async () => {
  await visitor.open(`${PAGE}?token=${tokenOf(invited)}`);
  expect((await visitor.open(PAGE, { 'accept-language': 'de' })).text).toContain('Wählen Sie ein Passwort');
});
