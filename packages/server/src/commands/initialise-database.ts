import { resolve } from 'node:path';
import { keyFileOf } from '../house/ground.ts';
import { initialise } from '../house/initialise.ts';
import { systemClock } from '../platform/clock/index.ts';
import { openDatabase } from '../platform/database/index.ts';
import { nameOfDatabase, print, readConfig, requireFolder, type WorkOptions } from './work-on-database.ts';

/** Makes what is missing of a database and says where things are. */
export async function initialiseDatabase(options: WorkOptions): Promise<void> {
  const config = readConfig(options);
  requireFolder(config);
  const database = await openDatabase(config.database);
  try {
    const { migrated } = await initialise(config, database, systemClock);
    for (const name of migrated) print(`migrated  ${name}`);
    print(`database  ${nameOfDatabase(config)}`);
    if (config.secrets.current !== undefined) print('secret    GATEHOUSE_SECRET');
    else print(`key file  ${resolve(keyFileOf(config))}  (keep it: without it the secrets in the database are lost)`);
  } finally {
    await database.close();
  }
}
