import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import {
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { requireStorable } from './failures.ts';

const MOST_PREPARED = 500;

function createConnection(db: DatabaseSync): DatabaseConnection {
  const prepared = new Map<string, { statement: StatementSync; returnsRows: boolean }>();
  const prepare = (sql: string) => {
    const known = prepared.get(sql);
    if (known) return known;
    const statement = db.prepare(sql);
    const fresh = { statement, returnsRows: statement.columns().length > 0 };
    if (prepared.size < MOST_PREPARED) prepared.set(sql, fresh);
    return fresh;
  };
  return {
    async executeQuery<R>({
      sql,
      parameters,
    }: {
      sql: string;
      parameters: readonly unknown[];
    }): Promise<QueryResult<R>> {
      requireStorable(parameters);
      const { statement, returnsRows } = prepare(sql);
      const values = parameters as SQLInputValue[];
      if (returnsRows) return { rows: statement.all(...values) as R[] };
      const { changes } = statement.run(...values);
      return { rows: [], numAffectedRows: BigInt(changes) };
    },
    // biome-ignore lint/correctness/useYield: node:sqlite reads a whole result at once; streaming is not offered
    async *streamQuery() {
      throw new Error('streaming is not offered on SQLite');
    },
  };
}

/**
 * Kysely on one `node:sqlite` connection. Transactions are opened by whoever owns the connection (group commit),
 * therefore the driver's own transaction verbs are plain statements.
 */
export function sqliteDialect(db: DatabaseSync): Dialect {
  const connection = createConnection(db);
  const driver: Driver = {
    init: async () => undefined,
    acquireConnection: async () => connection,
    beginTransaction: async () => db.exec('begin immediate'),
    commitTransaction: async () => db.exec('commit'),
    rollbackTransaction: async () => db.exec('rollback'),
    releaseConnection: async () => undefined,
    destroy: async () => undefined,
  };
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => driver,
    createIntrospector: (query) => new SqliteIntrospector(query),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}
