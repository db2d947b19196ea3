import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Config, readProcessConfig, type SettingKey } from '../config/index.ts';
import { migrations } from '../migrations/index.ts';
import { type Database, openDatabase, pendingMigrations } from '../platform/database/index.ts';
import { CommandFailure } from './command-failure.ts';

/** Options that every command takes. */
export interface WorkOptions {
  /** Path or URL of the database. */
  file?: string | undefined;
  /** The YAML file. */
  config?: string | undefined;
}

/** The configuration of this command. Throws ConfigError. */
export function readConfig(
  { file, config }: WorkOptions,
  overrides: Partial<Record<SettingKey, string | undefined>> = {},
): Config {
  return readProcessConfig({ configFile: config, overrides: { ...overrides, 'database.url': file } });
}

/** The absolute path of the SQLite file; null for Postgres. */
export function sqliteFileOf({ database: { url } }: Config): string | null {
  return /^postgres(ql)?:/.test(url) ? null : resolve(url.replace(/^(sqlite|file):(\/\/)?/, ''));
}

/** How the database is called in an answer; never with its password. */
export function nameOfDatabase(config: Config): string {
  const file = sqliteFileOf(config);
  if (file !== null) return file;
  const url = new URL(config.database.url);
  return `${url.protocol}//${url.host}${url.pathname}`;
}

/** Refuses a file in a folder that is not there, which SQLite would only call unable to open. */
export function requireFolder(config: Config): void {
  const file = sqliteFileOf(config);
  if (file === null || existsSync(dirname(file))) return;
  throw new CommandFailure(`the folder ${dirname(file)} does not exist`, { hint: `mkdir -p ${dirname(file)}` });
}

/** Opens a database that somebody made before. Throws CommandFailure when there is none, and makes none. */
export async function openExisting(config: Config): Promise<Database> {
  const file = sqliteFileOf(config);
  if (file !== null && !existsSync(file)) {
    throw new CommandFailure(`there is no database ${file}`, { hint: 'gatehouse init' });
  }
  return openDatabase(config.database);
}

/** Runs `work` on an existing database whose schema is current, and closes it. Throws CommandFailure. */
export async function workOnDatabase<T>(
  options: WorkOptions,
  work: (on: { config: Config; database: Database }) => Promise<T>,
): Promise<T> {
  const config = readConfig(options);
  const database = await openExisting(config);
  try {
    const missing = await pendingMigrations(database, migrations);
    if (missing.length === migrations.length) {
      throw new CommandFailure('the database is empty', { hint: 'gatehouse init' });
    }
    if (missing.length > 0) {
      const message = `the schema of the database is older than this version (it lacks ${missing.join(', ')})`;
      throw new CommandFailure(message, { hint: 'gatehouse migrate' });
    }
    return await work({ config, database });
  } finally {
    await database.close();
  }
}

/** Prints one line. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** An id as it may be repeated in an answer. */
export function quoted(id: string): string {
  return id.replace(/[^\w.:-]/g, '?').slice(0, 80);
}
