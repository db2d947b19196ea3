import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { createRunningClock } from '../packages/server/test/kit/running-clock.ts';
import { type Answer, startTestServer } from '../packages/server/test/kit/test-server.ts';

interface Running {
  url: string;
  /** Resolves with the first part of the output, from now on or before, that matches. */
  says(pattern: RegExp): Promise<string>;
}

const started: ChildProcess[] = [];
const folders: string[] = [];

afterEach(async () => {
  for (const child of started.splice(0)) await stop(child);
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await gone;
}

async function run(name: string, env: Record<string, string> = {}): Promise<Running> {
  const script = fileURLToPath(new URL(`${name}/server.ts`, import.meta.url));
  const child = spawn(process.execPath, [script], { env: { ...process.env, PORT: '0', ...env } });
  started.push(child);
  const output = readOutput(child);
  return { url: await output(/http:\/\/localhost:\d+/), says: output };
}

function readOutput(child: ChildProcess): Running['says'] {
  let text = '';
  let changed = () => {};
  const take = (part: unknown) => {
    text += String(part);
    changed();
  };
  child.stdout?.on('data', take);
  child.stderr?.on('data', take);
  return (pattern) =>
    new Promise((resolve, reject) => {
      child.once('exit', () => reject(new Error(`the example stopped: ${text}`)));
      changed = () => {
        const found = pattern.exec(text);
        if (found) resolve(found[1] ?? found[0]);
      };
      changed();
    });
}

function databaseFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-example-'));
  folders.push(folder);
  return join(folder, 'example.sqlite');
}

async function post(url: string, body: unknown) {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: response.status, body: (await response.json()) as Answer['body'] };
}

async function signIn({ url, says }: Running) {
  const email = 'ada@example.com';
  expect((await post(`${url}/email/start`, { email })).body).toEqual({ ok: true });
  return post(`${url}/email/verify`, { email, code: await says(/\b(\d{6})\b(?!:)/) });
}

const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

test('the back end lets a signed-in person pass and nobody else', async () => {
  const server = await startTestServer({ clock: createRunningClock() });
  const { url } = await run('back-end-express', { AUTH_ISSUER: server.url });
  const { body } = await server.signIn();
  expect((await fetch(`${url}/orders`)).status).toBe(401);
  const answer = await fetch(`${url}/orders`, bearer(body.access_token));
  expect(await answer.json()).toEqual({ orders: [], of: body.user.id });
  await server.close();
});

test('Gatehouse in a plain node:http program signs people in beside a route of its own', async () => {
  const example = await run('mounted-in-node-http', { DATABASE: databaseFile() });
  expect(await (await fetch(`${example.url}/hello`)).text()).toContain('Hello');
  const { status, body } = await signIn(example);
  expect(status).toBe(200);
  const me = await fetch(`${example.url}/me`, bearer(body.access_token));
  expect(await me.json()).toMatchObject({ user_id: body.user.id, email: 'ada@example.com' });
  expect((await fetch(`${example.url}/nothing-here`)).status).toBe(404);
});

test('Gatehouse in an Express program works behind a body parser and beside its routes', async () => {
  const example = await run('mounted-in-express', { DATABASE: databaseFile() });
  expect((await post(`${example.url}/echo`, { hello: 'there' })).body).toEqual({ hello: 'there' });
  const { status, body } = await signIn(example);
  expect(status).toBe(200);
  expect((await fetch(`${example.url}/me`, bearer(body.access_token))).status).toBe(200);
  expect(await post(`${example.url}/email/start`, ['not', 'an', 'object'])).toMatchObject({ status: 400 });
});

test('the page is served with the address of the Gatehouse it was given', async () => {
  const { url } = await run('browser', { AUTH_ISSUER: 'https://auth.example.com' });
  const page = await (await fetch(url)).text();
  expect(page).toContain('<script src="https://auth.example.com/gatehouse.js">');
  expect((await fetch(`${url}/app.js`)).headers.get('content-type')).toContain('javascript');
  expect((await fetch(`${url}/../server.ts`)).status).toBe(404);
});
