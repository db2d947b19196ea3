import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { openConnection } from './connection.ts';
import { onCore, SERVER_CORE } from './cores.ts';
import type { LimitPlace, OpenLimit } from './limit.ts';
import { load, type Requests } from './load.ts';

function fork(file: string, args: readonly string[]): ChildProcess {
  const program = fileURLToPath(new URL(file, import.meta.url));
  const [command, words] = onCore(SERVER_CORE, process.execPath, [program, ...args]);
  return spawn(command, words, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
}

/** The next message of a process; throws when it ends without one. */
async function messageOf(child: ChildProcess): Promise<unknown> {
  const ended = once(child, 'exit').then(() => {
    throw new Error('The process that measures a limit ended.');
  });
  const [message] = (await Promise.race([once(child, 'message'), ended])) as [unknown];
  return message;
}

async function end(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.disconnect();
  await gone;
}

/** Starts the process of a limit, on the core of the server. */
export async function openLimit(name: string, place: LimitPlace): Promise<OpenLimit> {
  const file = new URL(`../limits/${name}.ts`, import.meta.url).href;
  const child = fork('limit-process.ts', [file, JSON.stringify(place)]);
  await messageOf(child);
  return {
    async measure(seconds) {
      const answer = messageOf(child);
      child.send(seconds);
      return (await answer) as number;
    },
    close: () => end(child),
  };
}

/** Starts a plain server on the core of the server; it is sent the same requests and answers each with `body`. */
export async function openEcho(body: Buffer, requests: Requests, atOnce: number): Promise<OpenLimit> {
  const child = fork('echo-process.ts', [body.toString()]);
  const port = (await messageOf(child)) as number;
  const connections = await Promise.all(Array.from({ length: atOnce }, () => openConnection(port)));
  return {
    async measure(seconds) {
      const slice = await load(connections, requests, seconds);
      return slice.answers / slice.seconds;
    },
    async close() {
      for (const connection of connections) connection.close();
      await end(child);
    },
  };
}
