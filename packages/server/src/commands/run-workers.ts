import cluster, { type Worker } from 'node:cluster';
import { setTimeout as delay } from 'node:timers/promises';
import type { Config } from '../config/index.ts';
import { initialise } from '../house/initialise.ts';
import { systemClock } from '../platform/clock/index.ts';
import { openDatabase } from '../platform/database/index.ts';
import { createLog, type Log } from '../platform/log/index.ts';
import { STOP, waitForStop } from './wait-for-stop.ts';

const MOST_DEATHS = 5;
const WITHIN_MS = 10_000;
const FIRST_PAUSE_MS = 100;
/** How long a worker may take to close beyond the delay and the grace for its requests. */
const CLOSING_MS = 5_000;

/** What the first process knows of its workers. */
interface Crew {
  config: Config;
  log: Log;
  stopping: boolean;
  deaths: number[];
  /** Ends the crew with this exit code. */
  finish(exitCode: number): void;
}

async function prepareDatabase(config: Config): Promise<void> {
  const database = await openDatabase(config.database);
  try {
    await initialise(config, database, systemClock);
  } finally {
    await database.close();
  }
}

/** Resolves with true once the worker listens, false when it ends before that (and has said why). */
function started(worker: Worker): Promise<boolean> {
  return new Promise((resolve) => {
    worker.once('listening', () => resolve(true));
    worker.once('exit', () => resolve(false));
  });
}

function recentDeaths(crew: Crew): number {
  const now = Date.now();
  crew.deaths = [...crew.deaths, now].filter((at) => now - at < WITHIN_MS);
  return crew.deaths.length;
}

/** A worker that dies is replaced after a pause that doubles; too many deaths mean that starting again does not help. */
async function replace(crew: Crew, dead: Worker): Promise<void> {
  if (crew.stopping) return;
  const deaths = recentDeaths(crew);
  crew.log.error('worker.died', { worker_id: dead.id, pid: dead.process.pid, count: deaths });
  if (deaths >= MOST_DEATHS) {
    crew.log.error('worker.given_up', { count: deaths, reason: 'workers die as soon as they are started' });
    crew.finish(1);
    return;
  }
  await delay(FIRST_PAUSE_MS * 2 ** (deaths - 1));
  if (!crew.stopping) watch(crew, cluster.fork());
}

function watch(crew: Crew, worker: Worker): void {
  worker.once('exit', () => void replace(crew, worker));
}

function living(): Worker[] {
  return Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
}

/** Tells every worker to stop and waits; those that do not in time are ended. */
async function stopAll(graceMs: number): Promise<void> {
  const gone = living().map((worker) => new Promise((resolve) => worker.once('exit', resolve)));
  for (const worker of living()) if (worker.isConnected()) worker.send(STOP);
  const limit = setTimeout(() => {
    for (const worker of living()) worker.process.kill('SIGKILL');
  }, graceMs);
  await Promise.all(gone);
  clearTimeout(limit);
}

/** The workers must use the port and the settings of the first process, whatever `--port 0` would give them. */
function forkFirst(port: number): Worker {
  cluster.setupPrimary({ args: [...process.argv.slice(2), '--port', String(port)] });
  return cluster.fork();
}

/** Runs the server in several processes on one port and resolves with the exit code. */
export async function runWorkers(config: Config, port: number): Promise<number> {
  await prepareDatabase(config);
  const log = createLog(config.log);
  const stop = waitForStop();
  const first = forkFirst(port);
  // What keeps the first one from starting would keep all of them: it is said once.
  if (!(await started(first))) return 1;
  const exitCode = await new Promise<number>((finish) => {
    const crew: Crew = { config, log, stopping: false, deaths: [], finish };
    watch(crew, first);
    for (let count = 1; count < config.server.workers; count++) watch(crew, cluster.fork());
    stop.then(() => {
      crew.stopping = true;
      finish(0);
    });
  });
  const { shutdownDelaySeconds, shutdownGraceSeconds, workers } = config.server;
  await stopAll((shutdownDelaySeconds + shutdownGraceSeconds) * 1000 + CLOSING_MS);
  log.info('server.shutdown.completed', { pid: process.pid, workers });
  return exitCode;
}
