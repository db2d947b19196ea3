// The hosted pages in the brand of a client, in a real browser: what a person sees, on light and on dark, and what axe finds.
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
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
  await server?.close();
});

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const shots = process.env.SHOTS;
const LOGO = 'https://static.brand.example/logo.svg';
const WIDE_LOGO = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 900 90" width="900" height="90"><rect width="900" height="90" fill="#c2410c"/></svg>`;

async function photograph(page: Page, name: string): Promise<void> {
  if (!shots) return;
  mkdirSync(shots, { recursive: true });
  await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true });
}

async function findings(page: Page): Promise<unknown[]> {
  // Evaluated, not added as a script: the policy of the page stays in force.
  await page.evaluate(readFileSync(axe, 'utf8'));
  const found = await page.evaluate('axe.run(document, { resultTypes: ["violations"] })');
  return (found as { violations: unknown[] }).violations;
}

/** A page of a client, on a screen of this scheme, with what its policy kept out. */
async function visit(path: string, of: { scheme: 'light' | 'dark'; width: number }) {
  const context = await browser.newContext({
    colorScheme: of.scheme,
    viewport: { width: of.width, height: 800 },
    bypassCSP: false,
    locale: 'de-DE',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(8000);
  const blocked: string[] = [];
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) blocked.push(message.text());
  });
  await page.route(LOGO, (route) => route.fulfill({ contentType: 'image/svg+xml', body: WIDE_LOGO }));
  await page.goto(server.url + path);
  return { page, blocked, close: () => context.close() };
}

// R356, WCAG 2.2 1.4.3
test.each([
  ['#ffee00', 'light', 1000],
  ['#ffee00', 'dark', 1000],
  ['#101010', 'dark', 360],
  ['#c2410c', 'light', 360],
] as const)('a brand of %s can be read on %s at %d pixels, with its logo and nothing kept out', async (...args) => {
  const [primary_color, scheme, width] = args;
  const auth_ui = { brand_name: 'Blumen & Söhne Gartenbau', logo_url: LOGO, primary_color };
  const { client } = (await server.askAsOwner('/api/admin/clients', { body: { name: 'Brand', settings: { auth_ui } } }))
    .body;
  const { page, blocked, close } = await visit(`/login?client_id=${client.id}`, { scheme, width });
  const heading = page.getByRole('heading');
  await heading.waitFor();
  expect(await heading.innerText()).toContain('Blumen & Söhne');
  const logo = page.locator('img.logo');
  expect(await page.evaluate('document.querySelector("img.logo").naturalWidth > 0')).toBe(true);
  const [box, card] = [await logo.boundingBox(), await page.locator('.card').first().boundingBox()];
  expect((box?.width ?? 0) <= (card?.width ?? 0)).toBe(true);
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  expect(await page.locator('.problem').isVisible()).toBe(false);
  await photograph(page, `brand-${primary_color.slice(1)}-${scheme}-${width}`);
  expect(blocked).toEqual([]);
  expect(await findings(page)).toEqual([]);
  await close();
});

test('a refusal wears the brand too', async () => {
  const auth_ui = { brand_name: 'Blumen & Söhne', logo_url: LOGO, primary_color: '#c2410c' };
  const { client } = (await server.askAsOwner('/api/admin/clients', { body: { name: 'Off', settings: { auth_ui } } }))
    .body;
  await server.askAsOwner(`/api/admin/clients/${client.id}`, { method: 'PATCH', body: { status: 'disabled' } });
  const { page, blocked, close } = await visit(`/login?client_id=${client.id}`, { scheme: 'light', width: 1000 });
  await page.getByRole('heading').waitFor();
  expect(await page.title()).toContain('Blumen & Söhne');
  await photograph(page, 'brand-refusal');
  expect(blocked).toEqual([]);
  await close();
});
