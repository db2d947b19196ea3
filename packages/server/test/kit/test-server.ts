import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig, type SettingKey } from '../../src/config/index.ts';
import type { Resolve } from '../../src/platform/fetch/index.ts';
import type { Log } from '../../src/platform/log/index.ts';
import { type DevelopmentMail, listDevelopmentMails } from '../../src/platform/mailer/index.ts';
import { type House, openHouse } from '../../src/server.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';

/** An answer, read. */
export interface Answer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests read whatever the server answered
  body: any;
  text: string;
}

export interface Ask {
  method?: string;
  body?: unknown;
  token?: string;
  headers?: Record<string, string>;
}

/** The real server in memory, reached through HTTP, on a database of its own, with a clock that stands still. */
export interface TestServer {
  url: string;
  house: House;
  clock: FakeClock;
  ask(path: string, request?: Ask): Promise<Answer>;
  /** Asks with the break-glass key of the installation. */
  askAsOwner(path: string, request?: Ask): Promise<Answer>;
  /** Does the waiting jobs and returns the newest mail to an address, or the newest that holds something. */
  mailTo(email: string, holding?: RegExp): Promise<DevelopmentMail>;
  codeFor(email: string): Promise<string>;
  /** Signs somebody in by e-mail code on the direct paths. */
  signIn(email?: string): Promise<Answer>;
  close(): Promise<void>;
}

export interface TestServerOptions {
  /** A database URL; a new SQLite file in a temporary folder unless given. */
  database?: string;
  settings?: Partial<Record<SettingKey, string>>;
  clock?: FakeClock;
  /** Finds the addresses of host names that strangers named. */
  resolve?: Resolve;
  /** Where events are written; nowhere unless given. */
  log?: Log;
  /** The name of this machine in the issuer; browsers have passkeys for `localhost` only, never for an address. */
  hostname?: 'localhost';
}

/** The break-glass key of every test server. */
export const ADMIN_KEY = 'the break-glass key of tests, long enough to be one';

/** The master secret of every test server. */
export const SECRET = 'a secret for tests, long enough to be one';

const CODE = /\b\d{6}\b/;

async function listenFirst(hostname: string): Promise<{ server: Server; url: string }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://${hostname}:${(server.address() as AddressInfo).port}` };
}

/** Asks a server at an address, and reads the answer. */
export async function askAt(url: string, path: string, { method, body, token, headers }: Ask): Promise<Answer> {
  const raw = typeof body === 'string';
  const response = await fetch(url + path, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    redirect: 'manual',
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(token && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(body !== undefined && { body: raw ? (body as string) : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = /^application\/(\S+\+)?json\b/.test(response.headers.get('content-type') ?? '');
  return { status: response.status, headers: response.headers, text, body: isJson && text ? JSON.parse(text) : text };
}

function createMailReader(house: House) {
  return async (email: string, holding = /(?:)/): Promise<DevelopmentMail> => {
    await house.ground.jobs.drain();
    const mails = await listDevelopmentMails(house.ground.database.read);
    const recipient = email.trim().toLowerCase().normalize('NFC');
    const mail = mails.find((one) => one.recipient === recipient && holding.test(one.text));
    if (!mail) throw new Error(`no mail to ${email}`);
    return mail;
  };
}

/** Starts a server for one test file; several may share a database by its URL. */
// long: the wiring of one server, in order
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const directory = mkdtempSync(join(tmpdir(), 'gatehouse-'));
  const { server, url } = await listenFirst(options.hostname ?? '127.0.0.1');
  const clock = options.clock ?? createFakeClock();
  const overrides = {
    'database.url': options.database ?? join(directory, 'test.sqlite'),
    'server.issuer': url,
    'secrets.current': SECRET,
    'log.format': 'silent',
    'admin.apiKey': ADMIN_KEY,
    'admin.breakGlassPerMinute': '100000',
    'rateLimits.emailPerAddress': '10000',
    'rateLimits.emailPerIp': '10000',
    'rateLimits.failuresPerIp': '10000',
    ...options.settings,
  };
  const house = await openHouse(loadConfig({ env: {}, readFile: () => null, overrides }), {
    clock,
    ...(options.resolve && { resolve: options.resolve }),
    ...(options.log && { log: options.log }),
  });
  server.on('request', house.http.handle);
  const ask = (path: string, request: Ask = {}) => askAt(url, path, request);
  const askAsOwner = (path: string, request: Ask = {}) =>
    ask(path, { ...request, headers: { 'x-admin-key': ADMIN_KEY, ...request.headers } });
  const mailTo = createMailReader(house);
  const codeFor = async (email: string) => CODE.exec((await mailTo(email, CODE)).text)?.[0] ?? '';
  return {
    url,
    house,
    clock,
    ask,
    askAsOwner,
    mailTo,
    codeFor,
    async signIn(email = 'ada@example.com') {
      // Mails of different nodes in one millisecond have no order.
      clock.advance(1);
      await ask('/email/start', { body: { email } });
      return ask('/email/verify', { body: { email, code: await codeFor(email) } });
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await house.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
