// A real Postgres for tests: the server that TEST_DATABASE_URL names, else the packaged one on a free port with its data
// in the temp folder. It ends with the process that started it, however that ends.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, chownSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { freePort } from './free-port.ts';
import { findPostgres, postgresEnvironment, serverUser } from './postgres-binaries.ts';
import type { GuardOrders } from './postgres-guard.ts';

/** A running server; `url` names its maintenance database, `stop` ends it and removes its data. */
export type TestPostgres = { url: string; stop: () => Promise<void> };

/** One of our own, that a test may treat badly. */
export interface OwnPostgres extends TestPostgres {
  /** Ends all of it at once with SIGKILL. What was written and not flushed stays with the system: no power cut. */
  kill(): Promise<void>;
  /** Starts it again on the same port and data. */
  start(): Promise<void>;
}

const READY = 'system is ready to accept';

/** Starts a server (about a second). `durable` keeps fsync on, as a real one does; `sharedBuffers` is for one that holds much (`4096MB`). */
export async function startPostgres(
  options: { durable?: boolean; sharedBuffers?: string } = {},
): Promise<TestPostgres> {
  const given = process.env.TEST_DATABASE_URL;
  if (given) return { url: given, stop: async () => {} };
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-postgres-'));
  try {
    const orders = initialize(folder);
    const { durable = false, sharedBuffers } = options;
    return await startOnFreePort(orders, durable, sharedBuffers ? { shared_buffers: sharedBuffers } : {});
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/** Starts a packaged server that flushes to disk and may be killed, whatever TEST_DATABASE_URL says. */
export async function startOwnPostgres(): Promise<OwnPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-postgres-'));
  return startOnFreePort(initialize(folder), true);
}

/** A primary whose commits wait until its standby has them on disk as well. */
export interface PostgresPair {
  primary: OwnPostgres;
  standby: OwnPostgres;
  /** Makes the standby the primary; resolves when it takes writes. */
  promote(): Promise<void>;
}

/** Starts two packaged servers of our own, of which the second follows the first. */
export async function startPostgresPair(): Promise<PostgresPair> {
  const [first, second] = [0, 1].map(() => mkdtempSync(join(tmpdir(), 'gatehouse-postgres-'))) as [string, string];
  const orders = initialize(first);
  const copied = copyCluster(orders, second);
  const primary = await startOnFreePort(orders, true, { synchronous_standby_names: '*' });
  const { port } = new URL(primary.url);
  const following = { primary_conninfo: `host=127.0.0.1 port=${port} user=postgres` };
  const standby = await startOnFreePort(copied, true, following);
  const ask = async (url: string, sql: string) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query(sql)).rows as Record<string, unknown>[];
    } finally {
      await client.end();
    }
  };
  const isFollowed = "select 1 from pg_stat_replication where sync_state = 'sync'";
  while ((await ask(primary.url, isFollowed)).length === 0);
  return { primary, standby, promote: async () => void (await ask(standby.url, 'select pg_promote(true, 30)')) };
}

/** A standby on a copy of a cluster that was never started. */
function copyCluster(orders: GuardOrders, folder: string): GuardOrders {
  const data = join(folder, 'data');
  cpSync(join(orders.folder, 'data'), data, { recursive: true });
  writeFileSync(join(data, 'standby.signal'), '');
  const { uid, gid } = orders.user;
  const paths = [
    folder,
    data,
    ...readdirSync(data, { recursive: true, encoding: 'utf8' }).map((path) => join(data, path)),
  ];
  for (const path of paths) if (uid && gid) chownSync(path, uid, gid);
  chmodSync(data, 0o700);
  return { ...orders, args: ['-D', data], folder };
}

/** Makes an empty database with a random name on the server at `url` and answers its URL. */
export async function createDatabase(url: string): Promise<string> {
  const name = `gatehouse_test_${randomBytes(8).toString('hex')}`;
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`create database ${name} template template0 encoding 'UTF8'`);
  } finally {
    await client.end();
  }
  const database = new URL(url);
  database.pathname = `/${name}`;
  return database.href;
}

function initialize(folder: string): GuardOrders {
  const user = serverUser();
  const native = findPostgres(user, folder);
  const data = join(folder, 'data');
  mkdirSync(data, { mode: 0o700 });
  for (const path of [folder, data]) if (user.uid && user.gid) chownSync(path, user.uid, user.gid);
  const env = postgresEnvironment(native);
  const args = [
    '-D',
    data,
    '-U',
    'postgres',
    '-A',
    'trust',
    '-E',
    'UTF8',
    '--locale=C',
    '--no-sync',
    '--no-instructions',
  ];
  execFileSync(join(native, 'bin', 'initdb'), args, { ...user, env, cwd: folder, stdio: 'pipe' });
  return { program: join(native, 'bin', 'postgres'), args: ['-D', data], env, user, folder };
}

async function startOnFreePort(
  orders: GuardOrders,
  durable: boolean,
  more: Record<string, string> = {},
): Promise<OwnPostgres> {
  const port = await freePort();
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: 200,
    shared_buffers: '64MB',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
    ...more,
  };
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const guard = startGuard({ ...orders, args: [...orders.args, ...args] });
  await told(guard, READY);
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    stop: () => stopGuard(guard),
    async kill() {
      guard.stdin?.write('kill\n');
      await told(guard, 'guard: Postgres is down');
    },
    async start() {
      guard.stdin?.write('start\n');
      await told(guard, READY);
    },
  };
}

function startGuard(orders: GuardOrders): ChildProcess {
  const program = fileURLToPath(new URL('postgres-guard.ts', import.meta.url));
  // Its own process group: Ctrl-C in the terminal must reach the run, which then ends the guard in order.
  return spawn(process.execPath, [program, JSON.stringify(orders)], {
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
}

/** Resolves when the log, from now on, says `words`. */
function told(guard: ChildProcess, words: string): Promise<void> {
  let log = '';
  return new Promise((resolve, reject) => {
    const leave = () => reject(new Error(`Postgres ended:\n${log}`));
    const listen = (text: string) => {
      log = (log + text).slice(-10_000);
      if (!log.includes(words)) return;
      guard.stdout?.off('data', listen);
      guard.off('exit', leave);
      // The guard may not be held up by what nobody reads.
      guard.stdout?.resume();
      resolve();
    };
    guard.stdout?.setEncoding('utf8').on('data', listen);
    guard.on('exit', leave);
  });
}

async function stopGuard(guard: ChildProcess): Promise<void> {
  if (guard.exitCode !== null || guard.signalCode !== null) return;
  const gone = once(guard, 'exit');
  guard.stdin?.end();
  await gone;
}
