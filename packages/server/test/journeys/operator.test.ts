// What an operator does with the command line and plain HTTP: two products, their users, every key replaced under load, webhooks that
// arrive although the receiver was down, and a log that an auditor verifies without the server.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { createVerifier } from '@gatehouse/node';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../kit/free-port.ts';
import { createWorkplace, type RunningServer, type Workplace } from '../kit/gatehouse-command.ts';

const ADMIN_KEY = 'the break-glass key of an operator';
const ENVIRONMENT = {
  ADMIN_API_KEY: ADMIN_KEY,
  ADMIN_API_KEY_PER_MINUTE: '10000',
  MAIL_TRANSPORT: 'file',
  MAIL_FILE: './mail',
  WEBHOOK_ALLOWED_NETWORKS: '127.0.0.1/32',
  WEBHOOK_ALLOWED_PORTS: 'any',
};

interface Product {
  id: string;
  apiKey: string;
  clientSecret: string;
  hookSecret: string;
  hookId: string;
}

interface Received {
  headers: Record<string, string>;
  body: string;
}

let work: Workplace;
let server: RunningServer;
let products: Product[];
let hookPort: number;

// biome-ignore lint/suspicious/noExplicitAny: tests read whatever was answered
type Body = any;

async function ask(path: string, { headers = {}, body, method }: { headers?: object; body?: object; method?: string }) {
  const response = await fetch(server.url + path, {
    method: method ?? (body ? 'POST' : 'GET'),
    headers: { ...(body && { 'content-type': 'application/json' }), ...headers } as Record<string, string>,
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json');
  return { status: response.status, text, body: (isJson ? JSON.parse(text) : null) as Body };
}

const administer = (path: string, body?: object) =>
  ask(`/api/admin${path}`, { headers: { 'x-admin-key': ADMIN_KEY }, ...(body && { body }) });

/** The code in the newest mail to somebody. */
function codeIn(email: string): string | undefined {
  const folder = join(work.folder, 'mail');
  const mails = readdirSync(folder).sort().reverse();
  const texts = mails.map((name) => readFileSync(join(folder, name), 'utf8'));
  return /\b\d{6}\b/.exec(texts.find((text) => text.includes(email)) ?? '')?.[0];
}

async function signIn({ apiKey }: Product, email: string): Promise<Body> {
  const headers = { 'x-api-key': apiKey };
  await ask('/api/auth/email-code/send', { headers, body: { email } });
  await expect.poll(() => codeIn(email), { timeout: 10_000 }).toBeTruthy();
  const body = { email, code: codeIn(email), token_transport: 'json' };
  const answer = await ask('/api/auth/email-code/verify', { headers, body });
  expect(answer.status).toBe(200);
  return answer.body;
}

async function createProduct(name: string): Promise<Product> {
  const { client, api_key, client_secret } = (await administer('/clients', { name })).body;
  const hook = await administer(`/clients/${client.id}/webhooks`, {
    url: `http://127.0.0.1:${hookPort}/${client.slug}`,
    events: ['login_*', 'client_*'],
  });
  return {
    id: client.id,
    apiKey: api_key,
    clientSecret: client_secret,
    hookSecret: hook.body.secret,
    hookId: hook.body.id ?? hook.body.endpoint?.id,
  };
}

beforeAll(async () => {
  work = createWorkplace();
  await work.run(['init']);
  const port = await freePort();
  server = await work.start(['--port', String(port)], { ...ENVIRONMENT, AUTH_ISSUER: `http://127.0.0.1:${port}` });
  hookPort = await freePort();
  products = [await createProduct('First Product'), await createProduct('Second Product')];
});
afterAll(() => work?.clean());

test('a user of each product signs in, and is nobody in the other', async () => {
  const [first, second] = products as [Product, Product];
  const { access_token } = await signIn(first, 'ada@first.example');
  await signIn(second, 'ada@second.example');
  const me = (apiKey: string) =>
    ask('/api/auth/me', { headers: { authorization: `Bearer ${access_token}`, 'x-api-key': apiKey } });
  expect((await me(first.apiKey)).status).toBe(200);
  expect((await me(second.apiKey)).status).toBe(401);
});

test('every key of both products is replaced without one failed request', async () => {
  const failures: string[] = [];
  let requests = 0;
  let rotating = true;
  /** A front end that keeps what it was given and refreshes, and a back end that verifies every token. */
  const use = async (product: Product, number: number) => {
    const verifier = createVerifier({ issuer: server.url, clientId: product.id });
    let { refresh_token } = await signIn(product, `load@${number}.example`);
    while (rotating) {
      const headers = { 'x-api-key': product.apiKey };
      const { status, text, body } = await ask('/api/auth/refresh', { headers, body: { refresh_token } });
      if (status === 200) {
        refresh_token = body.refresh_token;
        await verifier.verify(body.access_token).catch((error: unknown) => failures.push(String(error)));
      } else failures.push(`${status} ${text}`);
      requests++;
    }
    verifier.close();
  };
  const load = Promise.all(products.map(use));
  await expect.poll(() => requests, { timeout: 10_000 }).toBeGreaterThan(10);
  for (const product of products) {
    for (const key of ['api-key', 'client-secret', 'secret']) {
      const rotated = await administer(`/clients/${product.id}/rotate-${key}`, { overlap_seconds: 3600 });
      expect(rotated.status).toBe(200);
      const before = requests;
      await expect.poll(() => requests, { timeout: 10_000 }).toBeGreaterThan(before + 10);
    }
  }
  rotating = false;
  await load;
  expect(failures).toEqual([]);
});

test('signed webhooks arrive at a receiver that was down for a while, each of them once', async () => {
  const received = new Map<string, Received[]>();
  const receiver: Server = createServer(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const list = received.get(request.url ?? '') ?? [];
    list.push({ headers: request.headers as Record<string, string>, body: Buffer.concat(pieces).toString() });
    received.set(request.url ?? '', list);
    response.writeHead(204).end();
  });
  const waiting = async (product: Product) =>
    (await administer(`/clients/${product.id}/webhooks/${product.hookId}/deliveries?status=pending`)).body.items.length;
  for (const product of products) expect(await waiting(product)).toBeGreaterThan(0);
  await new Promise<void>((resolve) => receiver.listen(hookPort, '127.0.0.1', resolve));
  try {
    for (const product of products) await expect.poll(() => waiting(product), { timeout: 60_000 }).toBe(0);
    for (const [path, { hookSecret }] of [
      ['/first-product', products[0]],
      ['/second-product', products[1]],
    ] as [string, Product][]) {
      const list = received.get(path) ?? [];
      const bodies = list.map(({ headers, body }) => new Webhook(hookSecret).verify(body, headers) as Body);
      expect(bodies.map((body) => body.type)).toContain('login_success');
      expect(bodies.map((body) => body.type)).toContain('client_signing_key_rotated');
      const places = bodies.map((body) => body.seq);
      expect(places).toEqual([...new Set(places)]);
    }
  } finally {
    await new Promise((resolve) => receiver.close(resolve));
  }
}, 120_000);

test('an auditor verifies the exported log in an empty folder, with a key alone', async () => {
  const key = (await work.run(['audit', 'keys'])).stdout.trim();
  const { text } = await administer('/audit-events/export?format=ndjson');
  const auditor = createWorkplace();
  try {
    writeFileSync(join(auditor.folder, 'log.ndjson'), text);
    const words = ['audit', 'verify', '--export', 'log.ndjson', '--key', key, '--json'];
    const { exitCode, stdout } = await auditor.run(words);
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, complete: true, broken: null });
    expect(exitCode).toBe(0);
    writeFileSync(join(auditor.folder, 'log.ndjson'), text.replace('"client_created"', '"client_updated"'));
    expect((await auditor.run(words)).exitCode).toBe(1);
  } finally {
    await auditor.clean();
  }
});
