import { type Kysely, sql } from 'kysely';
import { asDatabaseFailure } from './failures.ts';
import type { Database, Reader, Schema, Tx } from './schema.ts';

/**
 * One step of the schema. A released step is never edited; version N and N+1 of the server live on the same schema. A step that takes away
 * what an older version may still use is named `0042-contract-…`: by the name alone an older version tells whether it can serve.
 */
export interface Migration {
  name: string;
  up(query: Kysely<Schema>): Promise<void>;
}

/** A newer version of the server has taken away what this one needs. */
export class NewerDatabase extends Error {
  override name = 'NewerDatabase';
}

const TABLE = 'schema_migrations';
const CONTRACTS = /^\d{4}-contract-/;

async function readApplied(reader: Reader): Promise<string[]> {
  const exists =
    reader.dialect === 'sqlite'
      ? sql`select 1 from sqlite_master where type = 'table' and name = ${TABLE}`
      : sql`select 1 where to_regclass(${TABLE}) is not null`;
  if ((await exists.execute(reader.query)).rows.length === 0) return [];
  const { rows } = await sql<{ name: string }>`select name from ${sql.table(TABLE)} order by name`.execute(
    reader.query,
  );
  return rows.map((row) => row.name);
}

async function appliedNames(reader: Reader): Promise<string[]> {
  try {
    return await readApplied(reader);
  } catch (error) {
    throw asDatabaseFailure(error);
  }
}

/** The steps that `database` still lacks. Throws NewerDatabase when it holds a contracting step that this version does not know. */
export async function pendingMigrations(database: Database, migrations: readonly Migration[]): Promise<string[]> {
  const applied = await appliedNames(database.read);
  const known = new Set(migrations.map((migration) => migration.name));
  const unknown = applied.filter((name) => CONTRACTS.test(name) && !known.has(name));
  if (unknown.length > 0) {
    throw new NewerDatabase(
      `the database was written by a newer version of Gatehouse (it holds ${unknown.join(', ')})`,
    );
  }
  return migrations.map((migration) => migration.name).filter((name) => !applied.includes(name));
}

/** Brings the schema up to date, all steps in one transaction, and returns the names of those that ran. */
export async function migrate(database: Database, migrations: readonly Migration[]): Promise<string[]> {
  if ((await pendingMigrations(database, migrations)).length === 0) return [];
  const { Migrator } = await import('kysely/migration');
  const work = async (tx: Tx) => {
    // Two nodes may start at once: the second waits here and then finds nothing left to do.
    if (tx.dialect === 'postgres') await sql`select pg_advisory_xact_lock(7777001)`.execute(tx.query);
    const migrator = new Migrator({
      db: tx.query,
      migrationTableName: TABLE,
      migrationLockTableName: `${TABLE}_lock`,
      provider: { getMigrations: async () => Object.fromEntries(migrations.map((one) => [one.name, { up: one.up }])) },
      // Our own is around it.
      disableTransactions: true,
    });
    const { error, results } = await migrator.migrateToLatest();
    if (error) throw error;
    return (results ?? []).map((result) => result.migrationName);
  };
  return database.write(work, { isPatient: true });
}
