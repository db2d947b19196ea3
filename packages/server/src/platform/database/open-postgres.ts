import { setTimeout as delay } from 'node:timers/promises';
import pg, { type Pool } from 'pg';
import { createBuilder } from './builder.ts';
import { asDatabaseFailure, DatabaseUnavailable, isRetryable } from './failures.ts';
import { createNames, type Line, type Manner, openLine } from './postgres-line.ts';
import type { Database, Reader, Tx } from './schema.ts';
import { shareTransactions } from './share-transactions.ts';

export interface PostgresOptions {
  url: string;
  poolSize: number;
  /** Named statements are planned once a connection; off for poolers that cannot keep them. */
  prepare: boolean;
}

const MOST_RETRIES = 3;
const INT8 = 20;
/** How long a request waits for a connection, and for the answer to a statement; together not longer than a person does. */
const CONNECTION_MS = 2_000;
const ANSWER_MS = 3_000;

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

function createPool({ url, poolSize }: PostgresOptions): Pool {
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
export function openPostgres(options: PostgresOptions): Database {
  const pool = createPool(options);
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
