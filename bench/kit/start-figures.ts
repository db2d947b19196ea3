// How long the server takes to its first answer, and the memory it holds when nobody asks it anything.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { openDatabases } from './bench-database.ts';
import { quantile } from './load.ts';
import { startMeasuredServer } from './measured-server.ts';
import { residentBytes } from './process-figures.ts';
import { environmentOf } from './settings.ts';
import type { DatabaseName } from './world.ts';

export interface StartFigures {
  database: DatabaseName;
  /** From the start of the process to its first answer, on a database that was used before: the median of several. */
  startMs: number;
  idleMegabytes: number;
  /** What Node.js holds without any program. */
  bareNodeMegabytes: number;
}

const STARTS = 7;
const LOOK_MS = 500;
const LEAST_LOOKS = 8;
const MOST_LOOKS = 40;
const MEGA = 1_000_000;

/** Resident memory once it no longer falls. */
async function settledMegabytes(pid: number): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let look = 0, since = 0; look < MOST_LOOKS && since < LEAST_LOOKS; look++, since++) {
    await delay(LOOK_MS);
    const now = residentBytes(pid);
    if (now < least) since = 0;
    least = Math.min(least, now);
  }
  return residentBytes(pid) / MEGA;
}

async function bareNode(): Promise<number> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1_000_000)'], { stdio: 'ignore' });
  const megabytes = await settledMegabytes(child.pid ?? 0);
  const gone = once(child, 'exit');
  child.kill();
  await gone;
  return megabytes;
}

/** Starts the server several times and lets the last one rest. */
export async function measureStart(database: DatabaseName): Promise<StartFigures> {
  const databases = await openDatabases(database);
  try {
    const environment = environmentOf(await databases.create());
    // The first start makes the schema and compiles the sources: nobody waits for that twice.
    await (await startMeasuredServer(environment)).stop();
    const times: number[] = [];
    for (let start = 1; start < STARTS; start++) {
      const server = await startMeasuredServer(environment);
      times.push(server.startedInMs);
      await server.stop();
    }
    const server = await startMeasuredServer(environment);
    const idleMegabytes = await settledMegabytes(server.pid);
    await server.stop();
    return {
      database,
      startMs: quantile([...times, server.startedInMs], 0.5),
      idleMegabytes,
      bareNodeMegabytes: await bareNode(),
    };
  } finally {
    await databases.close();
  }
}
