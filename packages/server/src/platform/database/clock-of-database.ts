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
