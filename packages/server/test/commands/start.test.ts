import { Agent, request } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { databaseKinds } from '../kit/databases.ts';
import { createWorkplace, type Workplace } from '../kit/gatehouse-command.ts';
import { until } from '../kit/until.ts';

let work: Workplace;

beforeEach(() => {
  work = createWorkplace();
});

afterEach(() => work.clean());

describe.each(databaseKinds())('on $name', (kind) => {
  test.each(['SIGTERM', 'SIGINT'] as const)(
    'start makes what is missing, serves, and ends well on %s',
    async (signal) => {
      const database = await kind.create();
      const server = await work.start([database.url]);
      expect(await (await fetch(`${server.url}/healthz`)).json()).toEqual({ status: 'ok' });
      expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
      const { exitCode, stdout, stderr } = await server.end(signal);
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
      expect(stdout).toContain('"event":"server.shutdown.completed"');
      database.forget();
    },
  );
});

test('the start says where the pages are and which commands come next, before the log', async () => {
  const server = await work.start([], { ALLOW_ORIGIN: '*' });
  const local = server.url.replace('127.0.0.1', 'localhost');
  const greeting = server.output().split('{"level"')[0] ?? '';
  const said = ['/login', '/dev/mailbox', '/docs'].map((path) => `${local}${path}`);
  const next = ['origin add --value', 'smtp add', 'doctor'].map((words) => `npx gatehouse ${words}`);
  for (const text of [...said, ...next, 'Warning: ALLOW_ORIGIN=*']) expect(greeting).toContain(text);
});

test('no development mailbox is named when mail leaves another way', async () => {
  const server = await work.start([], { MAIL_TRANSPORT: 'smtp' });
  expect(server.output()).not.toContain('/dev/mailbox');
});

test('a taken port is one clear sentence', async () => {
  const first = await work.start(['a.sqlite']);
  const port = new URL(first.url).port;
  for (const more of [[], ['--workers', '2']]) {
    const { exitCode, stdout, stderr } = await work.run(['start', 'b.sqlite', '--port', port, ...more]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toBe(
      `Error: another program uses port ${port} of 127.0.0.1 already\nTry: stop it, or choose another port with --port\n`,
    );
  }
});

/** A request whose body stays unfinished until `finish`, on a connection that the client would keep for minutes. */
function beginRequest(url: string) {
  const agent = new Agent({ keepAlive: true, timeout: 600_000 });
  const headers = { 'content-type': 'application/json', expect: '100-continue', 'content-length': '27' };
  const sent = request(`${url}/email/start`, { method: 'POST', headers, agent });
  const answered = new Promise<number | string>((resolve) => {
    sent.on('response', (answer) => answer.resume().on('end', () => resolve(answer.statusCode ?? 0)));
    sent.on('error', (error) => resolve(error.name));
  });
  const arrived = new Promise<void>((resolve) => sent.once('continue', () => resolve()));
  sent.flushHeaders();
  return { arrived, answered, finish: () => sent.end('{"email":"ada@example.com"}') };
}

async function stopsListening(url: string): Promise<void> {
  for (;;) {
    const isGone = await fetch(`${url}/healthz`, { headers: { connection: 'close' } }).then(
      () => false,
      () => true,
    );
    if (isGone) return;
  }
}

//
test('a request in flight is finished before the server ends', async () => {
  const server = await work.start([], { SHUTDOWN_GRACE: '10m' });
  const slow = beginRequest(server.url);
  await slow.arrived;
  const ended = server.end('SIGTERM');
  await stopsListening(server.url);
  slow.finish();
  expect(await slow.answered).toBe(200);
  expect((await ended).exitCode).toBe(0);
});

//
test('told to stop, a server says that it is not ready and still answers, until the delay or a second signal ends it', async () => {
  const server = await work.start([], { SHUTDOWN_DELAY: '10m' });
  const ended = server.end('SIGTERM');
  await until(() => server.output().includes('"server.shutdown.started"'));
  const answers = await Promise.all(['/readyz', '/.well-known/jwks.json'].map((path) => fetch(server.url + path)));
  const told = answers.map(({ status, headers }) => [status, headers.get('connection')]);
  expect(told).toEqual([
    [503, 'close'],
    [200, 'close'],
  ]);
  process.kill(server.pid, 'SIGINT');
  expect((await ended).exitCode).toBe(1);
});

test('a request that never finishes is cut after the grace, and the end is still a good one', async () => {
  const server = await work.start([], { SHUTDOWN_GRACE: '1s' });
  const slow = beginRequest(server.url);
  await slow.arrived;
  expect((await server.end('SIGTERM')).exitCode).toBe(0);
  expect(await slow.answered).toBe('Error');
});

test('a second signal ends the server at once', async () => {
  const server = await work.start([], { SHUTDOWN_GRACE: '10m' });
  const slow = beginRequest(server.url);
  await slow.arrived;
  const ended = server.end('SIGTERM');
  await stopsListening(server.url);
  process.kill(server.pid, 'SIGINT');
  expect((await ended).exitCode).toBe(1);
  await slow.answered;
});
