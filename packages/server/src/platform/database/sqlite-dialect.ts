import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  type LimitNode,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { requireStorable } from './failures.ts';
import type { Reader, RunNow, Schema } from './schema.ts';

/**
 * Compiles for SQLite. Its planner looks at the number a bare placeholder behind `limit` stands for, and therefore prepares such a statement
 * anew at each execution; behind a plus it does not look.
 */
export class PlannedOnceCompiler extends SqliteQueryCompiler {
  protected override visitLimit(node: LimitNode): void {
    this.append('limit +');
    this.visitNode(node.limit);
  }
}

const MOST_PREPARED = 500;

/** Statements on one connection, each prepared once. */
function createRunner(db: DatabaseSync): RunNow {
  const prepared = new Map<string, { statement: StatementSync; returnsRows: boolean }>();
  const prepare = (sql: string) => {
    const known = prepared.get(sql);
    if (known) return known;
    const statement = db.prepare(sql);
    const fresh = { statement, returnsRows: statement.columns().length > 0 };
    if (prepared.size < MOST_PREPARED) prepared.set(sql, fresh);
    return fresh;
  };
  return (sql, parameters) => {
    requireStorable(parameters);
    const { statement, returnsRows } = prepare(sql);
    const values = parameters as SQLInputValue[];
    if (returnsRows) return { rows: statement.all(...values), changes: 0 };
    return { rows: [], changes: Number(statement.run(...values).changes) };
  };
}

function createConnection(runNow: RunNow): DatabaseConnection {
  return {
    async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
      const { rows, changes } = runNow(sql, parameters);
      return { rows: rows as R[], numAffectedRows: BigInt(changes) };
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
function sqliteDialect(db: DatabaseSync, runNow: RunNow): Dialect {
  const connection = createConnection(runNow);
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
    createQueryCompiler: () => new PlannedOnceCompiler(),
  };
}

/** A connection to run statements on, those of the builder and compiled ones alike. */
export function sqliteReader(db: DatabaseSync): Reader {
  const runNow = createRunner(db);
  return { dialect: 'sqlite', query: new Kysely<Schema>({ dialect: sqliteDialect(db, runNow) }), runNow };
}
