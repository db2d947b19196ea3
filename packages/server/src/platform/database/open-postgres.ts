import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Pool, QueryResult } from 'pg';
import { createBuilder } from './builder.ts';
import { asDatabaseFailure, DatabaseUnavailable, isOverdue, isRetryable, requireStorable } from './failures.ts';
import type { Database, Reader, Rows, Tx } from './schema.ts';
import { shareTransactions } from './share-transactions.ts';

export interface PostgresOptions {
  url: string;
  poolSize: number;
  /** Named statements are planned once a connection; off for poolers that cannot keep them. */
  prepare: boolean;
}

const MOST_NAMES = 1000;
const MOST_RETRIES = 3;
const INT8 = 20;
/** How long a request waits for a connection, and for the answer to a statement; together not longer than a person does. */
const CONNECTION_MS = 2_000;
const ANSWER_MS = 3_000;
const BEGINNING = /^(begin|commit|rollback|start)/i;

/** A stable name for each statement text, up to a bound: what comes after it runs unnamed. */
function createNames(): (sql: string) => string | undefined {
  const names = new Map<string, string>();
  return (sql) => {
    const known = names.get(sql);
    if (known || names.size >= MOST_NAMES || BEGINNING.test(sql)) return known;
    const name = `gh_${createHash('sha256').update(sql).digest('base64url').slice(0, 24)}`;
    names.set(sql, name);
    return name;
  };
}

/** How statements are run: under which names, and how long an answer may take at the most. */
interface Manner {
  nameOf(sql: string): string | undefined;
  answerMs?: number;
}

/** One connection, for as long as it is ours. What is asked is sent at once and done in that order; what fails first is told to all after it. */
interface Line {
  run(sql: string, values: readonly unknown[]): Promise<Rows>;
  /** Travels with the statement that comes next. */
  begin(): void;
  /** Throws when there is nothing to commit, because a statement had failed, also one that nobody waited for or minded. */
  commit(): Promise<void>;
  rollBack(): Promise<void>;
  release(): void;
}

async function openLine(pool: Pool, { nameOf, answerMs }: Manner): Promise<Line> {
  const client = await pool.connect();
  let failure: unknown;
  let isLost = false;
  // With a callback, for those of statements are called in order: at a commit it is known what failed before.
  const ask = (sql: string, values: readonly unknown[]) =>
    new Promise<QueryResult>((resolve, reject) => {
      const name = nameOf(sql);
      const named = { text: sql, values: [...values], ...(name ? { name } : {}) };
      client.query({ ...named, ...(answerMs && { query_timeout: answerMs }) }, (error: unknown, result) => {
        if (!error) return resolve(result);
        failure ??= error;
        isLost ||= isOverdue(error);
        // After a failure nothing succeeds, and how Postgres refuses the rest is of no use to anybody.
        reject(failure);
      });
    });
  return {
    run(sql, values) {
      // At once, also for those who do not wait: what is not sent cannot fail the transaction.
      requireStorable(values);
      return ask(sql, values).then(({ rows, rowCount }) => ({ rows, changes: rowCount ?? 0 }));
    },
    begin: () => void ask('begin', []).catch(() => undefined),
    async commit() {
      if (!failure) await ask('commit', []);
      // Postgres has rolled back then, and called that no error.
      if (failure) throw failure;
    },
    async rollBack() {
      await ask('rollback', []).catch(() => {
        isLost = true;
      });
    },
    release: () => client.release(isLost),
  };
}

/** Each statement on whichever connection is free. */
function readerOn(pool: Pool, manner: Manner): Reader {
  const run = async (sql: string, values: readonly unknown[]) => {
    const line = await openLine(pool, manner);
    try {
      return await line.run(sql, values);
    } finally {
      line.release();
    }
  };
  return { dialect: 'postgres', query: createBuilder('postgres', run), run };
}

async function createPool({ url, poolSize }: PostgresOptions): Promise<Pool> {
  const { default: pg } = await import('pg');
  const parse = (type: number, format?: 'text' | 'binary') =>
    type === INT8 && format !== 'binary' ? Number : pg.types.getTypeParser(type, format as 'text');
  const pool = new pg.Pool({
    connectionString: url,
    max: poolSize,
    connectionTimeoutMillis: CONNECTION_MS,
    keepAlive: true,
    pipeline: true,
    types: { getTypeParser: parse as typeof pg.types.getTypeParser },
  });
  // A connection that dies is replaced at the next use, and the query it was at fails by itself. Without listeners it would end the
  // process: the pool's own is for idle connections only.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

async function runOn<T>(line: Line, work: (tx: Tx) => Promise<T>): Promise<T> {
  const actions: (() => void)[] = [];
  const tx: Tx = {
    dialect: 'postgres',
    run: line.run,
    // Few need it, and to make one costs more than a statement.
    get query() {
      return createBuilder('postgres', line.run);
    },
    afterCommit: (action) => actions.push(action),
  };
  let value: T;
  try {
    line.begin();
    value = await work(tx);
    await line.commit();
  } catch (error) {
    await line.rollBack();
    throw error;
  }
  for (const action of actions) action();
  return value;
}

async function runTransaction<T>(pool: Pool, manner: Manner, work: (tx: Tx) => Promise<T>): Promise<T> {
  const line = await openLine(pool, manner);
  try {
    return await runOn(line, work);
  } finally {
    line.release();
  }
}

/** Opens a pool on Postgres. Nothing depends on session state, so any pooler may stand in between. */
export async function openPostgres(options: PostgresOptions): Promise<Database> {
  const pool = await createPool(options);
  const nameOf = options.prepare ? createNames() : () => undefined;
  const prompt: Manner = { nameOf, answerMs: ANSWER_MS };
  const patient: Manner = { nameOf };
  const hasRoom = () => pool.waitingCount === 0 && (pool.idleCount > 0 || pool.totalCount < options.poolSize);
  const write: Database['write'] = async (work, { isPatient = false } = {}) => {
    for (let attempt = 0; ; attempt++) {
      try {
        return await runTransaction(pool, isPatient ? patient : prompt, work);
      } catch (error) {
        if (!isRetryable(error)) throw asDatabaseFailure(error);
        // Nothing is wrong with it but the crowd: whoever asked may simply ask again.
        if (attempt === MOST_RETRIES) throw new DatabaseUnavailable('too many at once', { cause: error });
        await delay(Math.random() * 20 * 2 ** attempt);
      }
    }
  };
  return {
    dialect: 'postgres',
    read: readerOn(pool, prompt),
    write,
    together: (work) => shareTransactions((asked) => write((tx) => work(tx, asked)), hasRoom),
    backup: () => Promise.reject(new Error('use pg_dump to back up a Postgres database')),
    close: () => pool.end(),
  };
}
