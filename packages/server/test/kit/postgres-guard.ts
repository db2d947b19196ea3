// Runs between a test run and its Postgres: `node postgres-guard.ts <json>`. When its input ends, because the run asked
// for it or because the run died in whatever way, it stops Postgres and removes the folder with the data.
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';

/** What the guard is told on its command line. */
export type GuardOrders = {
  program: string;
  args: string[];
  env: NodeJS.ProcessEnv;
  user: { uid?: number; gid?: number };
  folder: string;
};

const { program, args, env, user, folder } = JSON.parse(process.argv[2] ?? '') as GuardOrders;
const server = spawn(program, args, { ...user, env, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });

// The run may be gone while Postgres still writes its last lines.
process.stdout.on('error', () => {});
server.stderr.pipe(process.stdout, { end: false });

const stop = () => server.kill('SIGINT');
process.stdin.on('end', stop).on('error', stop).resume();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);

server.on('error', () => leave(1));
server.on('close', (code) => leave(code ?? 1));

function leave(code: number): void {
  rmSync(folder, { recursive: true, force: true });
  process.exit(code);
}
