import type { PostgresOptions } from './open-postgres.ts';
import { openSqlite } from './open-sqlite.ts';
import type { Database } from './schema.ts';

/** Where the database is: a `postgres://` URL, or the path of a SQLite file. */
export type DatabaseOptions = PostgresOptions;

/** Whether `url` names a Postgres database rather than a file. */
function isPostgres(url: string): boolean {
  return /^postgres(ql)?:\/\//.test(url);
}

/** Opens the database; a SQLite file that does not exist is created. Throws DatabaseUnavailable. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  if (!isPostgres(options.url)) return openSqlite(options.url.replace(/^(sqlite|file):(\/\/)?/, ''));
  // Loaded with its driver only where it is used.
  const { openPostgres } = await import('./open-postgres.ts');
  return openPostgres(options);
}
