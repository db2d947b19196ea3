import pg from 'pg';
import type { LimitPlace, OpenLimit } from './limit.ts';

/** As many connections as the server has by default. */
const CONNECTIONS = 10;
/** As many as there are sessions in the installation that is measured, and about as long; a step that visits them all over the place. */
const ROWS = 10_000;
const STEP = 7919;

/** Runs a named statement on every connection over and over; `table` becomes a table of rows with `id` and `value`. */
export async function openPostgresLimit(
  { databaseUrl }: LimitPlace,
  { table, text, values }: { table: string; text: string; values(row: number): unknown[] },
): Promise<OpenLimit> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: CONNECTIONS });
  await pool.query(`create table if not exists ${table} (id int primary key, value text)`);
  await pool.query(
    `insert into ${table} select i, repeat('a', 500) from generate_series(0, ${ROWS - 1}) i on conflict do nothing`,
  );
  await pool.query(`create table if not exists ${table}_told (id serial primary key, value text)`);
  let turn = 0;
  const drive = async (endsAt: number): Promise<number> => {
    let done = 0;
    const client = await pool.connect();
    while (performance.now() < endsAt) {
      await client.query({ name: table, text, values: values((turn++ * STEP) % ROWS) });
      done++;
    }
    client.release();
    return done;
  };
  return {
    async measure(seconds) {
      const from = performance.now();
      const counts = await Promise.all(Array.from({ length: CONNECTIONS }, () => drive(from + seconds * 1000)));
      return (counts.reduce((sum, count) => sum + count, 0) * 1000) / (performance.now() - from);
    },
    close: () => pool.end(),
  };
}
