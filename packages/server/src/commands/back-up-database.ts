import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { keyFileOf } from '../house/ground.ts';
import type { Database } from '../platform/database/index.ts';
import { CommandFailure } from './command-failure.ts';
import { openExisting, print, readConfig, sqliteFileOf, type WorkOptions } from './work-on-database.ts';

/** Copies a SQLite database to a new file while servers use it. */
export async function backUpDatabase({ to, ...options }: WorkOptions & { to: string }): Promise<void> {
  const config = readConfig(options);
  if (sqliteFileOf(config) === null) {
    throw new CommandFailure('a Postgres database is backed up with the tools of Postgres', { hint: 'pg_dump --help' });
  }
  const target = resolve(to);
  if (existsSync(target)) throw new CommandFailure(`${target} exists already`, { hint: 'name a new file' });
  if (!existsSync(dirname(target))) throw new CommandFailure(`the folder ${dirname(target)} does not exist`);
  const database = await openExisting(config);
  try {
    await copyTo(database, target);
  } finally {
    await database.close();
  }
  print(`backup    ${target}`);
  if (config.secrets.current !== undefined)
    print('Keep GATEHOUSE_SECRET too: without it the secrets in the copy are lost.');
  else print(`Keep the key file too, in another place: ${resolve(keyFileOf(config))}`);
}

/** The file has its name only once it is whole and on the disk. */
async function copyTo(database: Database, target: string): Promise<void> {
  const unfinished = `${target}.unfinished`;
  // Made before it is filled, so that nobody else may read it at any moment.
  const file = openSync(unfinished, 'wx', 0o600);
  try {
    await database.backup(unfinished);
    fsyncSync(file);
    renameSync(unfinished, target);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
}
