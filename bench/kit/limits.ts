import { openConnection } from './connection.ts';
import type { LimitPlace, OpenLimit } from './limit.ts';
import { load, type Requests } from './load.ts';
import { endChild, messageOf, startChild } from './measuring-child.ts';

/** Starts the process of a limit, on the core of the server. */
export async function openLimit(name: string, place: LimitPlace): Promise<OpenLimit> {
  const file = new URL(`../limits/${name}.ts`, import.meta.url).href;
  const child = startChild('limit-process.ts', [file, JSON.stringify(place)]);
  await messageOf(child);
  return {
    async measure(seconds) {
      const answer = messageOf(child);
      child.send(seconds);
      return (await answer) as number;
    },
    close: () => endChild(child),
  };
}

/** Starts a plain server on the core of the server; it is sent the same requests and answers each with `body`. */
export async function openEcho(body: Buffer, requests: Requests, atOnce: number): Promise<OpenLimit> {
  const child = startChild('echo-process.ts', [body.toString()]);
  const port = (await messageOf(child)) as number;
  const connections = await Promise.all(Array.from({ length: atOnce }, () => openConnection(port)));
  return {
    async measure(seconds) {
      const slice = await load(connections, requests, seconds);
      return slice.answers / slice.seconds;
    },
    async close() {
      for (const connection of connections) connection.close();
      await endChild(child);
    },
  };
}
