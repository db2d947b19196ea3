import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openDatabase } from '../../src/platform/database/index.ts';
import { listDevelopmentMails } from '../../src/platform/mailer/index.ts';
import { databaseKinds } from '../kit/databases.ts';
import { createWorkplace, type RunningServer, type Workplace } from '../kit/gatehouse-command.ts';

const WAIT = { timeout: 20_000, interval: 100 };
let work: Workplace;

beforeEach(() => {
  work = createWorkplace();
});

afterEach(() => work.clean());

/** The processes that listen, by their own account. */
function workersOf(server: RunningServer): number[] {
  const lines = server.output().split('\n');
  const listening = lines.filter((line) => line.includes('"server.listening"'));
  return listening.map((line) => (JSON.parse(line) as { pid: number }).pid);
}

function ask(server: RunningServer, path: string, body: object): Promise<Response> {
  // A connection of its own each time: connections, not requests, are dealt out to the workers.
  const headers = { 'content-type': 'application/json', connection: 'close' };
  return fetch(`${server.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
}

async function codeFor(url: string, email: string): Promise<string> {
  const database = await openDatabase({ url, poolSize: 1, prepare: true });
  try {
    return await vi.waitFor(async () => {
      const mail = (await listDevelopmentMails(database.read)).find((one) => one.recipient === email);
      const code = /\b\d{6}\b/.exec(mail?.text ?? '')?.[0];
      if (code === undefined) throw new Error(`no code for ${email} yet`);
      return code;
    }, WAIT);
  } finally {
    await database.close();
  }
}

async function signIn(server: RunningServer, url: string, email: string): Promise<number> {
  expect((await ask(server, '/email/start', { email })).status).toBe(200);
  const code = await codeFor(url, email);
  const first = await ask(server, '/email/verify', { email, code });
  // The next connection reaches the other worker, which must know that the code was used.
  const second = await ask(server, '/email/verify', { email, code });
  expect(second.status).not.toBe(200);
  return first.status;
}

/** A hundred of the same request at once, each on a connection of its own. */
const hundred = (server: RunningServer, path: string, body: object) =>
  Promise.all(
    Array.from({ length: 100 }, async () => {
      const answer = await ask(server, path, body);
      return { status: answer.status, body: (await answer.json()) as Record<string, string> };
    }),
  );

describe.each(databaseKinds())('on $name', (kind) => {
  // T-002, T-006
  test('of a hundred equal requests to two workers one code signs in, and one successor comes back', async () => {
    const database = await kind.create();
    const server = await work.start([database.url, '--workers', '2'], { RATE_LIMIT_FAILURES_PER_IP: '1000' });
    await vi.waitFor(() => expect(workersOf(server)).toHaveLength(2), WAIT);
    const email = 'race@example.com';
    await ask(server, '/email/start', { email });
    const verified = await hundred(server, '/email/verify', { email, code: await codeFor(database.url, email) });
    const signedIn = verified.filter((answer) => answer.status === 200);
    expect(signedIn).toHaveLength(1);
    expect(verified.filter((answer) => answer.status === 401)).toHaveLength(99);
    const { session_id, refresh_token } = signedIn[0]?.body ?? {};
    const refreshed = await hundred(server, '/session/refresh', { session_id, refresh_token });
    expect(refreshed.map((answer) => answer.status)).toEqual(new Array(100).fill(200));
    expect(new Set(refreshed.map((answer) => answer.body.refresh_token)).size).toBe(1);
    await server.end('SIGTERM');
    database.forget();
  });

  test('two workers share codes, and the service survives the death of one', async () => {
    const database = await kind.create();
    const server = await work.start([database.url, '--workers', '2']);
    await vi.waitFor(() => expect(workersOf(server)).toHaveLength(2), WAIT);
    for (const name of ['ada', 'bob', 'cyd']) {
      expect(await signIn(server, database.url, `${name}@example.com`)).toBe(200);
    }
    const [victim = 0] = workersOf(server);
    process.kill(victim, 'SIGKILL');
    await vi.waitFor(() => expect(workersOf(server)).toHaveLength(3), WAIT);
    expect(await signIn(server, database.url, 'dan@example.com')).toBe(200);
    const { exitCode, stdout, stderr } = await server.end('SIGTERM');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain('"event":"worker.died"');
    expect(stdout.match(/Gatehouse is ready/g)).toHaveLength(1);
    database.forget();
  });
});

test('failures are counted across workers: a limit is not doubled by a second process', async () => {
  const server = await work.start(['--workers', '2'], { RATE_LIMIT_EMAIL_PER_ADDRESS: '2' });
  await vi.waitFor(() => expect(workersOf(server)).toHaveLength(2), WAIT);
  const statuses: number[] = [];
  for (let count = 0; count < 4; count++) {
    statuses.push((await ask(server, '/email/start', { email: 'eve@example.com' })).status);
  }
  expect(statuses).toEqual([200, 200, 429, 429]);
});

test('workers that keep dying are given up instead of started for ever', async () => {
  const server = await work.start(['--workers', '2']);
  const killed = new Set<number>();
  const ended = server.end();
  let isOver = false;
  ended.then(() => {
    isOver = true;
  });
  await vi.waitFor(() => {
    for (const pid of workersOf(server).filter((one) => !killed.has(one) && !isOver)) {
      killed.add(pid);
      process.kill(pid, 'SIGKILL');
    }
    expect(isOver).toBe(true);
  }, WAIT);
  const { exitCode, stdout } = await ended;
  expect(exitCode).toBe(1);
  expect(stdout).toContain('"event":"worker.given_up"');
  expect(killed.size).toBeLessThan(8);
});
