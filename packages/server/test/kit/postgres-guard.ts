// Runs between a test run and its Postgres: `node postgres-guard.ts <json>`. When its input ends, because the run asked
// for it or because the run died in whatever way, it stops Postgres and removes the folder with the data. The lines "kill" and
// "start" on its input end Postgres with SIGKILL, which is less than a power cut (the system keeps what was not flushed), and bring it back.
import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** What the guard is told on its command line. */
export type GuardOrders = {
  program: string;
  args: string[];
  env: NodeJS.ProcessEnv;
  user: { uid?: number; gid?: number };
  folder: string;
};

const AGAIN_MS = 50;

const { program, args, env, user, folder } = JSON.parse(process.argv[2] ?? '') as GuardOrders;
let server: ChildProcess | null = null;
/** Whether Postgres was killed and not asked for since, or does not yet get past what the killed one left behind. */
let isDown = false;
let isReturning = false;

// The run may be gone while Postgres still writes its last lines.
process.stdout.on('error', () => {});

function start(): void {
  const child = spawn(program, args, { ...user, env, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  server = child;
  child.stderr.on('data', (text: Buffer) => {
    if (text.includes('system is ready to accept')) isReturning = false;
    process.stdout.write(text);
  });
  child.on('error', () => leave(1));
  child.on('close', (code) => {
    server = null;
    // The processes of one that was killed take a moment to notice, and to let go of its memory.
    if (isReturning) setTimeout(start, AGAIN_MS);
    else if (!isDown) leave(code ?? 1);
    else process.stdout.write('guard: Postgres is down\n');
  });
}

function kill(): void {
  isDown = true;
  server?.kill('SIGKILL');
}

function comeBack(): void {
  isDown = false;
  isReturning = true;
  start();
}

function stop(): void {
  isReturning = false;
  isDown = false;
  if (server === null) leave(0);
  else server.kill('SIGINT');
}

function leave(code: number): void {
  rmSync(folder, { recursive: true, force: true });
  process.exit(code);
}

const orders: Record<string, () => void> = { kill, start: comeBack };
createInterface({ input: process.stdin })
  .on('line', (line) => orders[line]?.())
  .on('close', stop);
process.stdin.on('error', stop);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);

start();
