import { describe, expect, inject, test } from 'vitest';
import type { RunningServer } from '../../kit/gatehouse-command.ts';
import { createDatabase } from '../../kit/postgres.ts';
import { howOften, recordProof } from '../../kit/proof.ts';
import { until } from '../../kit/until.ts';
import { EVERY } from './check-ledger.ts';
import { type Endured, endure, type Harm } from './endure.ts';

const LONGEST_MS = 3_000;
const LOAD =
  'Eight people sign in by code and passkey, refresh, add and remove passkeys, sign out, are signed out and suspended';

const postgres = inject('postgresUrl');

const sqlite = { name: 'SQLite', id: 'sqlite', rows: ['R-001', 'R-088'], create: async () => null };
const kinds = [
  sqlite,
  ...(postgres === null
    ? []
    : [{ name: 'Postgres', id: 'postgres', rows: ['R-001'], create: () => createDatabase(postgres) }]),
];

function record(id: string, of: { act: string; rows: string[]; times: number }, endured: Endured): void {
  const { violations, answers, slowestMs } = endured;
  const figures = { 'answers held to account': answers, 'slowest first answer after a start (ms)': slowestMs };
  recordProof({ id, chapter: 'Kills', of: 'kills', violations, figures, ...of, rows: [...of.rows, ...EVERY] });
}

async function killAndStart({ site, server, stopLoad }: Harm): Promise<RunningServer> {
  await server.end('SIGKILL');
  await stopLoad();
  await site.view.settled();
  return site.start();
}

describe.each(kinds)('a server on $name', ({ name, id, rows, create }) => {
  // I1 to I9
  test('that is killed at any moment keeps every answer it gave', async () => {
    const times = howOften({ ci: 22, prove: 225 });
    const endured = await endure({ site: { database: await create() }, times, harm: killAndStart });
    const act = `${LOAD} on ${name}; the server is killed with SIGKILL at a random moment and started again`;
    record(`kill-${id}`, { act, rows, times }, endured);
    expect(endured.violations, `GATEHOUSE_SEED=${endured.seed}`).toEqual([]);
    expect(endured.slowestMs).toBeLessThanOrEqual(LONGEST_MS);
  });
});

/** The workers that said they listen, but for those that were killed since. */
function workersOf(server: RunningServer, killed: ReadonlySet<number>): number[] {
  const told = server.output().matchAll(/"server\.listening".*?"pid":(\d+)/g);
  return [...told].map((one) => Number(one[1])).filter((pid) => !killed.has(pid));
}

async function isRefused(url: string): Promise<boolean> {
  return fetch(url).then(
    () => false,
    () => true,
  );
}

const WORKERS = 2;
/** The first process gives up when five of its workers have died within ten seconds. */
const MOST_ALONE = 3;
const killed = new Set<number>();
let killedAlone = 0;

async function bothWorkers(server: RunningServer): Promise<number[]> {
  const ended = server.end().then(() => {
    throw new Error(`The server ended by itself:\n${server.output()}`);
  });
  await until(() => workersOf(server, killed).length >= WORKERS, ended);
  return workersOf(server, killed);
}

function killWorker(pid: number): void {
  killed.add(pid);
  process.kill(pid, 'SIGKILL');
}

/** One worker; the first process, whose workers then must end by themselves; or all of them. */
async function killSome({ site, draw, server, stopLoad }: Harm): Promise<RunningServer> {
  const [one = 0, other = 0] = await bothWorkers(server);
  const victim = killedAlone < MOST_ALONE ? draw(3) : 1 + draw(2);
  killedAlone = victim === 0 ? killedAlone + 1 : 0;
  if (victim === 0) {
    killWorker(draw(2) === 0 ? one : other);
    await bothWorkers(server);
    await stopLoad();
    return server;
  }
  const ended = server.end('SIGKILL');
  if (victim === 1) for (const worker of [one, other]) killWorker(worker);
  while (!(await isRefused(server.url)));
  await stopLoad();
  await ended;
  return site.start();
}

// I1 to I9
test('a server of two workers keeps every answer, whichever of its processes is killed', async () => {
  const times = howOften({ ci: 6, prove: 50 });
  const endured = await endure({
    site: { database: null, words: ['--workers', String(WORKERS)] },
    times,
    harm: killSome,
  });
  const act = `${LOAD} on two workers and one SQLite file; a worker, the first process, or all of them are killed with SIGKILL`;
  record('kill-workers-sqlite', { act, rows: sqlite.rows, times }, endured);
  expect(endured.violations, `GATEHOUSE_SEED=${endured.seed}`).toEqual([]);
});
