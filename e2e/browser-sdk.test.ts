/// <reference lib="dom" />
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { addOrigin } from '../packages/server/src/tenancy/clients/index.ts';
import { createRunningClock } from '../packages/server/test/kit/running-clock.ts';
import { startTestServer, type TestServer } from '../packages/server/test/kit/test-server.ts';
import { launchBrowser } from './kit/chromium.ts';

const example = new URL('../examples/browser/', import.meta.url);
const sdk = fileURLToPath(new URL('../packages/server/assets/gatehouse.js', import.meta.url));

let browser: Browser;
let server: TestServer;
let front: { url: string; close(): void };
let site: { url: string; close(): void };
let context: BrowserContext;

// Passkeys need a name, not an address: both origins are ports of localhost.
const atLocalhost = (url: string) => url.replace('127.0.0.1', 'localhost');

async function startSite(gatehouse: string) {
  const pages = createServer(async (request, response) => {
    const name = request.url === '/app.js' ? 'app.js' : 'index.html';
    const text = await readFile(new URL(name, example), 'utf8');
    response.setHeader('content-type', name === 'app.js' ? 'text/javascript' : 'text/html');
    response.end(text.replaceAll('http://localhost:7777', gatehouse));
  }).listen(0, '127.0.0.1');
  await once(pages, 'listening');
  return { url: `http://localhost:${(pages.address() as AddressInfo).port}`, close: () => pages.close() };
}

// A server without its hosted pages has no address for the script: a front that serves the committed file stands in.
// (Intercepting the request in the browser instead would make the browser's driver answer every CORS preflight.)
async function startFront() {
  if ((await server.ask('/gatehouse.js')).status === 200) return { url: atLocalhost(server.url), close: () => {} };
  const front = createServer(async (request, response) => {
    if (request.url !== '/gatehouse.js') return server.house.http.handle(request, response);
    response.setHeader('content-type', 'text/javascript');
    response.end(await readFile(sdk));
  }).listen(0, '127.0.0.1');
  await once(front, 'listening');
  return { url: `http://localhost:${(front.address() as AddressInfo).port}`, close: () => front.close() };
}

beforeAll(async () => {
  browser = await launchBrowser();
  server = await startTestServer({ clock: createRunningClock(), settings: { 'webauthn.rpId': 'localhost' } });
  front = await startFront();
  site = await startSite(front.url);
  await addOrigin(server.house.ground, { clientId: 'default', origin: site.url });
});

afterAll(async () => {
  await browser?.close();
  site?.close();
  front?.close();
  await server?.close();
});

beforeEach(async () => {
  context = await browser.newContext();
});

afterEach(() => context.close());

const shows = (page: Page, status: string) =>
  page.waitForFunction((wanted) => document.querySelector('#status')?.textContent === wanted, status);

async function openPage(): Promise<Page> {
  const page = await context.newPage();
  await page.goto(site.url);
  return page;
}

async function signInOn(page: Page, email: string): Promise<void> {
  await shows(page, 'anonymous');
  await page.fill('[name=email]', email);
  await page.click('#send button');
  await page.waitForSelector('[name=code]');
  await page.fill('[name=code]', await server.codeFor(email));
  await page.click('#verify button');
  await shows(page, 'authenticated');
}

async function addAuthenticator(page: Page): Promise<void> {
  const session = await context.newCDPSession(page);
  await session.send('WebAuthn.enable');
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}

const stateOf = (page: Page) => page.evaluate(() => window.Gatehouse.session.getState());
const refreshOn = (page: Page) => page.evaluate(() => window.Gatehouse.session.refresh());

test('a page on another origin signs in with a code from the mail, and stays signed in over a reload', async () => {
  const page = await openPage();
  await signInOn(page, 'reload@example.com');
  expect(await page.textContent('#email')).toBe('reload@example.com');
  const before = await stateOf(page);
  await page.reload();
  await shows(page, 'authenticated');
  expect((await stateOf(page)).sessionId).toBe(before.sessionId);
});

test('a wrong code is told to the person, who stays signed out', async () => {
  const page = await openPage();
  await shows(page, 'anonymous');
  await page.fill('[name=email]', 'wrong@example.com');
  await page.click('#send button');
  await page.waitForSelector('[name=code]');
  const code = await server.codeFor('wrong@example.com');
  await page.fill('[name=code]', code === '000000' ? '111111' : '000000');
  await page.click('#verify button');
  await page.waitForFunction(() => document.querySelector('#problem')?.textContent !== '');
  expect((await stateOf(page)).status).toBe('anonymous');
});

test('a passkey added after a code signs in without one', async () => {
  const page = await openPage();
  await addAuthenticator(page);
  await signInOn(page, 'passkey@example.com');
  await page.click('#add-passkey');
  await page.waitForFunction(() => document.querySelector('#passkeys')?.textContent === '1');
  await page.click('#sign-out');
  await shows(page, 'anonymous');
  await page.click('#use-passkey');
  await shows(page, 'authenticated');
  expect(await page.textContent('#email')).toBe('passkey@example.com');
  expect(await page.textContent('#problem')).toBe('');
});

test('a refresh gives the page new tokens of the same session', async () => {
  const page = await openPage();
  await signInOn(page, 'refresh@example.com');
  const before = await stateOf(page);
  const after = await refreshOn(page);
  expect(after.sessionId).toBe(before.sessionId);
  expect(after.refreshToken).not.toBe(before.refreshToken);
  expect((await server.ask('/me', { token: after.accessToken ?? '' })).status).toBe(200);
});

// O-082
test('two tabs that refresh at once end with one token, and both stay signed in', async () => {
  const first = await openPage();
  await signInOn(first, 'tabs@example.com');
  const second = await openPage();
  await shows(second, 'authenticated');
  for (let round = 0; round < 5; round++) await Promise.all([refreshOn(first), refreshOn(second)]);
  const stored = await first.evaluate(() => JSON.parse(localStorage.getItem('gatehouse.sdk') ?? '{}').refreshToken);
  for (const tab of [first, second]) {
    await tab.waitForFunction((token) => window.Gatehouse.session.getState().refreshToken === token, stored);
    expect((await stateOf(tab)).status).toBe('authenticated');
  }
  expect((await refreshOn(second)).status).toBe('authenticated');
});

test('without a network nobody is signed out, and the session goes on when it is back', async () => {
  const page = await openPage();
  await signInOn(page, 'offline@example.com');
  await context.setOffline(true);
  const failure = await page.evaluate(() =>
    window.Gatehouse.session.refresh().then(
      () => 'none',
      (error: { code: string }) => error.code,
    ),
  );
  expect(failure).toBe('request_failed');
  expect(await stateOf(page)).toMatchObject({ status: 'authenticated', authenticated: true });
  await context.setOffline(false);
  expect((await refreshOn(page)).status).toBe('authenticated');
});

test('signing out in one tab shows in the other, and the server has ended the session', async () => {
  const first = await openPage();
  await signInOn(first, 'logout@example.com');
  const second = await openPage();
  await shows(second, 'authenticated');
  const token = (await stateOf(first)).accessToken ?? '';
  await first.click('#sign-out');
  await shows(first, 'anonymous');
  await shows(second, 'anonymous');
  expect((await server.ask('/me', { token })).status).toBe(401);
});

// T-062
test('a page whose origin nobody has registered cannot call the server', async () => {
  const stranger = await startSite(front.url);
  const page = await context.newPage();
  await page.goto(stranger.url);
  await shows(page, 'anonymous');
  await page.fill('[name=email]', 'stranger@example.com');
  await page.click('#send button');
  await page.waitForFunction(() => document.querySelector('#problem')?.textContent !== '');
  await expect(server.mailTo('stranger@example.com')).rejects.toThrow('no mail');
  stranger.close();
});
