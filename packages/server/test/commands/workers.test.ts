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

describe.each(databaseKinds())('on $name', (kind) => {
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
