import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from './chromium.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
});

test('the browser opens a page of a local server and runs its script', async () => {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end('<h1>closed</h1><script>document.querySelector("h1").textContent = "open"</script>');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const page = await browser.newPage();
  await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/`);
  expect(await page.textContent('h1')).toBe('open');
  await page.close();
  server.close();
});

test('the browser draws a text field', async () => {
  const page = await browser.newPage();
  await page.setContent('<label>Name<input></label>');
  await page.getByLabel('Name').fill('Ada');
  expect((await page.screenshot()).length).toBeGreaterThan(0);
  await page.close();
});

test('the browser keeps its web security: a page cannot read another origin', async () => {
  const server = createServer((_request, response) => response.end('secret')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const page = await browser.newPage();
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const read = page.evaluate((target) => fetch(target).then((response) => response.text()), url);
  await expect(read).rejects.toThrow('Failed to fetch');
  await page.close();
  server.close();
});

test('a CHROME_BIN that is no browser is reported, not ignored', async () => {
  const before = process.env.CHROME_BIN;
  process.env.CHROME_BIN = '/nowhere/chromium';
  try {
    await expect(launchBrowser()).rejects.toThrow('/nowhere/chromium');
  } finally {
    if (before === undefined) delete process.env.CHROME_BIN;
    else process.env.CHROME_BIN = before;
  }
});
