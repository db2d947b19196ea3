// The hosted pages in a real browser: the whole way in and out with a passkey, the same without scripts, and what axe finds.
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../packages/server/test/kit/test-server.ts';
import { launchBrowser } from './kit/chromium.ts';

let browser: Browser;
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ hostname: 'localhost' });
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await server.close();
});

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const shots = process.env.SHOTS;
const PATIENCE_MS = 8000;

async function photograph(page: Page, name: string): Promise<void> {
  if (!shots) return;
  mkdirSync(shots, { recursive: true });
  await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true });
}

/** A page with a security key of its own; the packaged browser cannot ask for passkeys without one. */
async function openPage(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
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
  return page;
}

/** The code, as a developer reads it: from the mailbox page. */
async function codeFromMailbox(context: BrowserContext, email: string): Promise<string> {
  await server.house.ground.jobs.drain();
  const page = await context.newPage();
  await page.goto(`${server.url}/dev/mailbox`);
  const code = await page
    .locator('.mail', { hasText: email })
    .filter({ has: page.locator('.big-code') })
    .first()
    .locator('.big-code')
    .innerText();
  await page.close();
  return code;
}

async function signInByCode(page: Page, email: string): Promise<void> {
  await page.goto(`${server.url}/login`);
  await page.getByLabel('E-mail').fill(email);
  await page.getByRole('button', { name: 'Send code' }).click();
  await page.getByLabel('Six-digit code').fill(await codeFromMailbox(page.context(), email));
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.waitForURL('**/account');
}

async function signOut(page: Page): Promise<void> {
  await page.locator('.head').getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Signed out' }).waitFor();
}

/** What the pages complain about in the console: a broken policy or script shows here. */
function listenForComplaints(page: Page): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  return complaints;
}

async function addPasskey(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await page.getByText('The passkey is added').waitFor();
}

test('a person signs in by code, adds a passkey, and comes back with it by the button', async () => {
  const context = await browser.newContext();
  const page = await openPage(context);
  const complaints = listenForComplaints(page);
  await page.addInitScript('PublicKeyCredential.isConditionalMediationAvailable = async () => false');
  await signInByCode(page, 'ada@example.com');
  await addPasskey(page);
  await signOut(page);
  await page.getByRole('link', { name: 'Sign in again' }).click();
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await page.waitForURL('**/account');
  expect(await page.locator('.rows').first().innerText()).toContain('last used');
  expect(complaints).toEqual([]);
  await context.close();
});

test('a passkey gets another name, which stays text, and is removed', async () => {
  const context = await browser.newContext();
  const page = await openPage(context);
  await signInByCode(page, 'keeper@example.com');
  await addPasskey(page);
  await page.getByRole('link', { name: /^Rename/ }).click();
  await page.getByLabel('Name').fill('<b>My key</b>');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('The passkey has its new name').waitFor();
  await page.getByRole('link', { name: 'Remove <b>My key</b>' }).click();
  await page.getByRole('button', { name: 'Remove passkey' }).click();
  await page.getByText('The passkey is removed').waitFor();
  expect(await page.getByText('You have none yet').isVisible()).toBe(true);
  await context.close();
});

test('the browser offers the passkey in the address field, and choosing it signs in', async () => {
  const context = await browser.newContext();
  const page = await openPage(context);
  await signInByCode(page, 'autofill@example.com');
  await addPasskey(page);
  await signOut(page);
  // The virtual authenticator chooses at once.
  await page.goto(`${server.url}/login`);
  await page.waitForURL('**/account');
  await context.close();
});

test('the whole way works with scripts off, and shows no button that needs one', async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await openPage(context);
  await page.goto(`${server.url}/login`);
  expect(await page.getByRole('button', { name: 'Sign in with a passkey' }).isVisible()).toBe(false);
  await signInByCode(page, 'plain@example.com');
  await page.getByLabel('Name').fill('Plain <b>Person</b>');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Your name is saved').waitFor();
  expect(await page.getByLabel('Name').inputValue()).toBe('Plain <b>Person</b>');
  expect(await page.getByRole('button', { name: 'Add a passkey' }).isVisible()).toBe(false);
  await signOut(page);
  await context.close();
});

test('a form that ends at a registered origin is let through by the browser', async () => {
  const app = await startTestServer();
  const own = await startTestServer({ hostname: 'localhost', settings: { 'server.allowOrigin': app.url } });
  const context = await browser.newContext();
  const page = await openPage(context);
  await page.goto(`${own.url}/login?return_to=${encodeURIComponent(`${app.url}/health`)}`);
  await page.getByLabel('E-mail').fill('onward@example.com');
  await page.getByRole('button', { name: 'Send code' }).click();
  await page.getByLabel('Six-digit code').fill(await own.codeFor('onward@example.com'));
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.waitForURL(`${app.url}/health`);
  await context.close();
  await Promise.all([app.close(), own.close()]);
});

test('the mail is shown in a frame that may do nothing', async () => {
  const context = await browser.newContext();
  const page = await openPage(context);
  await signInByCode(page, 'framed@example.com');
  await page.goto(`${server.url}/dev/mailbox`);
  await page.getByText('As it looks in a mail program').first().click();
  const frame = page.frameLocator('iframe').first();
  await frame.getByRole('heading', { name: 'Your verification code' }).waitFor();
  await photograph(page, 'mailbox-open');
  await context.close();
});

interface Violation {
  id: string;
  nodes: { html: string }[];
}

async function violations(page: Page): Promise<string[]> {
  await page.addScriptTag({ path: axe });
  const found = await page.evaluate(async () => {
    const { axe: checker } = globalThis as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } };
    return (await checker.run()).violations;
  });
  return found.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`);
}

/** Every page there is, each in the state a person most often meets it in. */
const visits: [string, (page: Page) => Promise<unknown>][] = [
  ['login', (page) => page.goto(`${server.url}/login`)],
  [
    'login-problem',
    async (page) => {
      await page.goto(`${server.url}/login`);
      await page.locator('form').evaluate((form) => form.setAttribute('novalidate', ''));
      await page.getByLabel('E-mail').fill('nobody');
      await page.getByRole('button', { name: 'Send code' }).click();
      await page.getByRole('alert').first().waitFor();
    },
  ],
  [
    'code',
    async (page) => {
      await page.goto(`${server.url}/login`);
      await page.getByLabel('E-mail').fill('axe@example.com');
      await page.getByRole('button', { name: 'Send code' }).click();
      await page.getByLabel('Six-digit code').waitFor();
    },
  ],
  [
    'code-problem',
    async (page) => {
      await page.getByLabel('Six-digit code').fill('000000');
      await page.getByRole('button', { name: 'Continue' }).click();
      await page.getByRole('alert').waitFor();
    },
  ],
  ['mailbox', (page) => page.goto(`${server.url}/dev/mailbox`)],
  ['signed-out', (page) => page.goto(`${server.url}/logout`)],
  ['nothing-here', (page) => page.goto(`${server.url}/nothing`)],
  [
    'account',
    async (page) => {
      await signInByCode(page, 'axe@example.com');
      await addPasskey(page);
    },
  ],
  [
    'rename',
    (page) =>
      page
        .getByRole('link', { name: /^Rename/ })
        .first()
        .click(),
  ],
  [
    'remove',
    async (page) => {
      await page.goto(`${server.url}/account`);
      await page
        .getByRole('link', { name: /^Remove/ })
        .first()
        .click();
      await page.getByRole('heading', { name: /^Remove/ }).waitFor();
    },
  ],
  ['logout', (page) => page.goto(`${server.url}/logout`)],
  [
    'invitation',
    async (page) => {
      const body = { email: `${Math.random()}@example.com`, roles: ['owner'], scope: { kind: 'all' } };
      await page.goto((await server.askAsOwner('/api/admin/users', { body })).body.invitation.url);
      await page.getByLabel('New password').waitFor();
    },
  ],
  [
    'invitation-problem',
    async (page) => {
      await page.getByLabel('New password').fill('iloveyou');
      await page.getByRole('button', { name: 'Continue' }).click();
      await page.getByRole('alert').waitFor();
    },
  ],
  [
    'invitation-app',
    async (page) => {
      await page.getByLabel('New password').fill('several words of mine');
      await page.getByRole('button', { name: 'Continue' }).click();
      await page.getByRole('img', { name: 'QR code' }).waitFor();
    },
  ],
  [
    'invitation-gone',
    async (page) => {
      await page.goto(`${server.url}/admin/invitation?token=nonsense`);
      await page.getByRole('heading', { name: 'no longer works' }).waitFor();
    },
  ],
  ['german', (page) => page.goto(`${server.url}/account?locale=de`)],
  ['reference', (page) => page.goto(`${server.url}/docs`)],
];

test.each([
  ['light', 1100],
  ['dark', 1100],
  ['light', 360],
  ['dark', 360],
] as const)('axe finds nothing on any page, %s at %i px, and nothing is cut off', async (colorScheme, width) => {
  const context = await browser.newContext({ colorScheme, viewport: { width, height: 800 }, bypassCSP: true });
  const page = await openPage(context);
  const found: string[] = [];
  for (const [name, visit] of visits) {
    await visit(page);
    await page.waitForLoadState('networkidle');
    await photograph(page, `${name}-${colorScheme}-${width}`);
    found.push(...(await violations(page)).map((line) => `${name}: ${line}`));
    const overflow = Number(await page.evaluate('document.documentElement.scrollWidth - innerWidth'));
    if (overflow > 0) found.push(`${name}: ${overflow} px too wide`);
  }
  expect(found).toEqual([]);
  await context.close();
});
