import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  type LimitNode,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { DialectName, RunStatement, Schema } from './schema.ts';

/**
 * Compiles for SQLite. Its planner looks at the number a bare placeholder behind `limit` stands for, and therefore prepares such a statement
 * anew at each execution; behind a plus it does not look.
 */
class PlannedOnceCompiler extends SqliteQueryCompiler {
  protected override visitLimit(node: LimitNode): void {
    this.append('limit +');
    this.visitNode(node.limit);
  }
}

const languages: Record<DialectName, Omit<Dialect, 'createDriver'>> = {
  sqlite: {
    createAdapter: () => new SqliteAdapter(),
    createIntrospector: (query) => new SqliteIntrospector(query),
    createQueryCompiler: () => new PlannedOnceCompiler(),
  },
  postgres: {
    createAdapter: () => new PostgresAdapter(),
    createIntrospector: (query) => new PostgresIntrospector(query),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
};

function createConnection(run: RunStatement): DatabaseConnection {
  return {
    async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
      const { rows, changes } = await run(sql, parameters);
      return { rows: rows as R[], numAffectedRows: BigInt(changes) };
    },
    // biome-ignore lint/correctness/useYield: a whole result is read at once; streaming is not offered
    async *streamQuery() {
      throw new Error('streaming is not offered');
    },
  };
}

function createDriver(run: RunStatement): Driver {
  const connection = createConnection(run);
  const refuse = () => Promise.reject(new Error('a transaction is opened by database.write'));
  return {
    init: async () => undefined,
    acquireConnection: async () => connection,
    beginTransaction: refuse,
    commitTransaction: refuse,
    rollbackTransaction: refuse,
    releaseConnection: async () => undefined,
    destroy: async () => undefined,
  };
}

const unconnected: RunStatement = () => {
  throw new Error('this builder only compiles');
};

/** A builder of statements in the language of a database; what it executes, `run` runs. */
export function createBuilder(dialect: DialectName, run: RunStatement = unconnected): Kysely<Schema> {
  return new Kysely<Schema>({ dialect: { ...languages[dialect], createDriver: () => createDriver(run) } });
}
