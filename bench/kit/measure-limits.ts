import { readdirSync } from 'node:fs';
import { openDatabases } from './bench-database.ts';
import type { Limit, LimitPlace } from './limit.ts';
import { openLimit } from './limits.ts';
import { createWorld, type DatabaseName } from './world.ts';

/** How often a second the machine does something with nothing around it. */
export interface LimitFigure {
  database: DatabaseName;
  name: string;
  perSecond: number;
}

const SIZE = { clients: 10, users: 1_000 };
const OF_A_DATABASE = /-(sqlite|postgres)$/;

async function measureAt(place: LimitPlace, database: DatabaseName, seconds: number): Promise<LimitFigure[]> {
  const all = readdirSync(new URL('../limits', import.meta.url)).map((file) => file.replace(/\.ts$/, ''));
  const figures: LimitFigure[] = [];
  for (const file of all.filter((name) => (OF_A_DATABASE.exec(name)?.[1] ?? 'sqlite') === database)) {
    const { limit } = (await import(new URL(`../limits/${file}.ts`, import.meta.url).href)) as { limit: Limit };
    const open = await openLimit(file, place);
    figures.push({ database, name: limit.name, perSecond: await open.measure(seconds) });
    await open.close();
  }
  return figures;
}

/** Measures every limit in bench/limits but those of the other database; what needs no database is measured beside SQLite. */
export async function measureLimits(
  database: DatabaseName,
  { seconds, connections }: { seconds: number; connections: number },
): Promise<LimitFigure[]> {
  const databases = await openDatabases(database);
  try {
    const url = await databases.create();
    const world = await createWorld({ database, url }, SIZE);
    const place = { databaseUrl: url, folder: databases.folder, atOnce: connections };
    const figures = await measureAt(place, database, seconds);
    await world.close();
    return figures;
  } finally {
    await databases.close();
  }
}
