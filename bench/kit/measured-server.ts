import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../packages/server/test/kit/free-port.ts';
import { askOnce } from './connection.ts';
import { onCore, SERVER_CORE } from './cores.ts';

/** The real server in a process and on a core of its own. */
export interface MeasuredServer {
  port: number;
  pid: number;
  /** Milliseconds from the start of the process to its first answer. */
  startedInMs: number;
  stop(): Promise<void>;
}

/** The server as it is published; `bench/run.ts` has built it. */
const program = fileURLToPath(new URL('../../.cache/bench/server/bin/gatehouse.mjs', import.meta.url));
const POLL_MS = 2;
const DEADLINE_MS = 60_000;

async function firstAnswer(port: number, child: ChildProcess): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  while (performance.now() < deadline && child.exitCode === null) {
    const answer = await askOnce(port, { path: '/healthz' }).catch(() => null);
    if (answer?.status === 200) return;
    await delay(POLL_MS);
  }
  child.kill('SIGKILL');
  throw new Error('The server did not start.');
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
}

/** Starts the server with this environment and resolves with its first answer. */
export async function startMeasuredServer(environment: Record<string, string>): Promise<MeasuredServer> {
  const port = await freePort();
  const words = [program, 'start', '--port', String(port)];
  // With NODE_OPTIONS=--cpu-prof a run leaves profiles behind.
  const { PATH = '', HOME = '', NODE_OPTIONS = '' } = process.env;
  const from = performance.now();
  const child = spawn(...onCore(SERVER_CORE, process.execPath, words), {
    env: { PATH, HOME, NODE_OPTIONS, ...environment },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  // Nobody else would stop a server whose run ended by a mistake.
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
  await firstAnswer(port, child);
  return { port, pid: child.pid ?? 0, startedInMs: performance.now() - from, stop: () => stop(child) };
}
