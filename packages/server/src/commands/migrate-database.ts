import { migrations } from '../migrations/index.ts';
import { migrate } from '../platform/database/index.ts';
import { openExisting, print, readConfig, type WorkOptions } from './work-on-database.ts';

/** Runs the steps of the schema that are missing and prints their names. */
export async function migrateDatabase(options: WorkOptions): Promise<void> {
  const database = await openExisting(readConfig(options));
  try {
    const names = await migrate(database, migrations);
    for (const name of names) print(name);
    if (names.length === 0) print('nothing to do');
  } finally {
    await database.close();
  }
}
