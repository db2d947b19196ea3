// What a Postgres says about itself; SQLite has no clock and no settings but ours.
import { sql } from 'kysely';
import { asDatabaseFailure } from './failures.ts';
import type { Database } from './schema.ts';

/** What time it is for the database (ms); null for SQLite, which has no clock but ours. Throws DatabaseUnavailable. */
export async function clockOfDatabase({ dialect, read }: Database): Promise<number | null> {
  if (dialect === 'sqlite') return null;
  try {
    const { rows } = await sql<{ now: number }>`
      select floor(extract(epoch from clock_timestamp()) * 1000)::bigint as now`.execute(read.query);
    return rows[0]?.now ?? null;
  } catch (error) {
    throw asDatabaseFailure(error);
  }
}

/**
 * The settings of Postgres that are off although an answer is only kept through a power cut with them; none on SQLite, whose settings
 * are ours. Throws DatabaseUnavailable.
 */
export async function settingsThatLose({ dialect, read }: Database): Promise<string[]> {
  if (dialect === 'sqlite') return [];
  try {
    const settings = sql<{ name: string }>`
      select name from pg_settings
      where name in ('fsync', 'full_page_writes', 'synchronous_commit') and setting = 'off' order by name`;
    return (await settings.execute(read.query)).rows.map((row) => row.name);
  } catch (error) {
    throw asDatabaseFailure(error);
  }
}
