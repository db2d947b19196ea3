/**
 * The database: one schema on SQLite and on Postgres, reached through Kysely.
 *
 * `read` sees only what is committed. `write` runs one transaction whose effects are durable when its promise
 * resolves; inside one, nothing but the database is awaited. Statements that run often are compiled once (`statement`).
 * SQLite commits the transactions of one event-loop turn together; Postgres retries serialization failures.
 */
export { clockOfDatabase, settingsThatLose } from './about-postgres.ts';
export { DatabaseUnavailable, isUniqueViolation, UnstorableText } from './failures.ts';
export { type Migration, migrate, NewerDatabase, pendingMigrations } from './migrate.ts';
export { openDatabase } from './open-database.ts';
export type { Database, DialectName, Reader, Schema, Tx } from './schema.ts';
export {
  isAmong,
  listOf,
  listOneTimeKinds,
  listStatements,
  namesIn,
  type ParameterOf,
  rowsIn,
  type Statement,
  statement,
  takeOnce,
} from './statement.ts';
