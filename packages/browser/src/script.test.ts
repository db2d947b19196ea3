import { readFile } from 'node:fs/promises';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { buildBrowserSdk } from '../../../tools/generate-browser-sdk.mjs';
import { readScriptBaseUrl } from './script-base-url.ts';

const asset = (name: string) => readFile(new URL(`../../server/assets/${name}`, import.meta.url), 'utf8');

it.each([
  ['https://auth.example.com/gatehouse.js', 'https://auth.example.com'],
  ['https://auth.example.com/sdk/gatehouse.js', 'https://auth.example.com'],
  ['https://example.com/auth/sdk/gatehouse.js?v=1#x', 'https://example.com/auth'],
  ['http://localhost:7777/a/b/gatehouse.js', 'http://localhost:7777/a/b'],
])('the script %s belongs to the server %s', (src, baseUrl) => {
  expect(readScriptBaseUrl({ src })).toBe(baseUrl);
});

it.each([null, undefined, {}, { src: '' }, { src: 'https://cdn.example.com/other.js' }])(
  '%j names no server',
  (script) => {
    expect(() => readScriptBaseUrl(script)).toThrow(expect.objectContaining({ code: 'sdk_init_failed' }));
  },
);

it('the served files are what the sources make, and the script stays within 8 KB gzipped', async () => {
  const built = await buildBrowserSdk();
  expect(await asset('gatehouse.js')).toBe(built['gatehouse.js']);
  expect(await asset('gatehouse.d.ts')).toBe(built['gatehouse.d.ts']);
  expect(gzipSync(built['gatehouse.js']).length).toBeLessThanOrEqual(8_192);
});

it('the served script puts a working client and createClient on the page', async () => {
  const localStorage = { getItem: () => null, setItem: () => undefined, removeItem: () => undefined };
  const window: Record<string, unknown> = { addEventListener: () => undefined, removeEventListener: () => undefined };
  const document = { ...window, currentScript: { src: 'https://auth.example.com/gatehouse.js' } };
  const page = { window, document, localStorage, URL, setTimeout, clearTimeout };
  runInNewContext(await asset('gatehouse.js'), page);
  const gatehouse = window.Gatehouse as Window['Gatehouse'];
  expect(gatehouse.session.getState().status).toBe('anonymous');
  expect(gatehouse.webauthn).toBe(gatehouse.passkey);
  const other = gatehouse.createClient({ baseUrl: 'https://b.example', apiKey: 'gh_pk_1', sessionMode: 'token' });
  expect(other.me.get()).toBeNull();
});
