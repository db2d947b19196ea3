// The real command in a process of its own, in an empty folder and with an environment of its own.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What a command came to. */
export interface Outcome {
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

/** A server that was started and listens. */
export interface RunningServer {
  url: string;
  pid: number;
  /** All it printed so far. */
  output(): string;
  /** Sends a signal, if one is named, and resolves when the process has ended. */
  end(signal?: NodeJS.Signals): Promise<Outcome>;
}

/** A folder to run commands in; `clean` ends what still runs and removes it. */
export interface Workplace {
  folder: string;
  run(words: string[], environment?: Record<string, string>): Promise<Outcome>;
  start(words?: string[], environment?: Record<string, string>): Promise<RunningServer>;
  clean(): Promise<void>;
}

const repositoryProgram = fileURLToPath(new URL('../../bin/gatehouse.mjs', import.meta.url));

function watch(child: ChildProcess) {
  const seen = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      seen[name] += text;
    });
  }
  const ended = new Promise<Outcome>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ exitCode, ...seen }));
  });
  return { seen, ended };
}

function listening(child: ChildProcess, { seen, ended }: ReturnType<typeof watch>): Promise<number> {
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', () => {
      const port = /"server\.listening".*?"port":(\d+)/.exec(seen.stdout)?.[1];
      if (port !== undefined) resolve(Number(port));
    });
    ended.then(({ stderr }) => reject(new Error(`The server did not start:\n${stderr}`)), reject);
  });
}

/** Makes an empty folder to work in, with the command of the repository or of an installed package. */
export function createWorkplace(program = repositoryProgram): Workplace {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-command-'));
  const running = new Map<ChildProcess, Promise<Outcome>>();
  const launch = (words: string[], environment: Record<string, string>) => {
    const { PATH = '' } = process.env;
    const env = { PATH, HOME: folder, ...environment };
    const child = spawn(process.execPath, [program, ...words], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const watched = watch(child);
    running.set(child, watched.ended);
    child.on('close', () => running.delete(child));
    return { child, ...watched };
  };
  return {
    folder,
    run: (words, environment = {}) => launch(words, environment).ended,
    async start(words = [], environment = {}) {
      const { child, seen, ended } = launch(['start', '--port', '0', ...words], environment);
      const port = await listening(child, { seen, ended });
      return {
        url: `http://127.0.0.1:${port}`,
        pid: child.pid ?? 0,
        output: () => seen.stdout + seen.stderr,
        end(signal) {
          if (signal !== undefined) child.kill(signal);
          return ended;
        },
      };
    },
    async clean() {
      for (const child of running.keys()) child.kill('SIGKILL');
      await Promise.all(running.values());
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
