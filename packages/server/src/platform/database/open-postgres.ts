import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Kysely, PostgresDialect, type PostgresPool, type PostgresPoolClient } from 'kysely';
import type { Pool, PoolClient } from 'pg';
import { asDatabaseFailure, DatabaseUnavailable, isOverdue, isRetryable, requireStorable } from './failures.ts';
import type { Database, Reader, Schema, Tx } from './schema.ts';
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

function namedClient(client: PoolClient, { nameOf, answerMs }: Manner): PostgresPoolClient {
  let isLost = false;
  const query = async (sql: string, values: readonly unknown[]) => {
    requireStorable(values);
    // What is asked on a connection whose answer is overdue would wait behind it.
    if (isLost) throw new DatabaseUnavailable('an answer is overdue');
    const name = nameOf(sql);
    const named = { text: sql, values: [...values], ...(name ? { name } : {}) };
    try {
      return await client.query({ ...named, ...(answerMs && { query_timeout: answerMs }) });
    } catch (error) {
      isLost = isOverdue(error);
      throw error;
    }
  };
  return { query, release: () => client.release(isLost) } as unknown as PostgresPoolClient;
}

function queryOn(pool: Pool, manner: Manner): Kysely<Schema> {
  const own = {
    connect: async () => namedClient(await pool.connect(), manner),
    end: () => pool.end(),
  } as unknown as PostgresPool;
  return new Kysely<Schema>({ dialect: new PostgresDialect({ pool: own }) });
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
    types: { getTypeParser: parse as typeof pg.types.getTypeParser },
  });
  // A connection that dies is replaced at the next use, and the query it was at fails by itself. Without listeners it would end the
  // process: the pool's own is for idle connections only.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

async function runTransaction<T>(query: Kysely<Schema>, work: (tx: Tx) => Promise<T>): Promise<T> {
  const actions: (() => void)[] = [];
  const value = await query
    .transaction()
    .execute((trx) => work({ dialect: 'postgres', query: trx, afterCommit: (action) => actions.push(action) }));
  for (const action of actions) action();
  return value;
}

/** Opens a pool on Postgres. Nothing depends on session state, so any pooler may stand in between. */
export async function openPostgres(options: PostgresOptions): Promise<Database> {
  const pool = await createPool(options);
  const nameOf = options.prepare ? createNames() : () => undefined;
  const query = queryOn(pool, { nameOf, answerMs: ANSWER_MS });
  const patient = queryOn(pool, { nameOf });
  const read: Reader = { dialect: 'postgres', query };
  const write: Database['write'] = async (work, { isPatient = false } = {}) => {
    for (let attempt = 0; ; attempt++) {
      try {
        return await runTransaction(isPatient ? patient : query, work);
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
    read,
    write,
    together: (work) => shareTransactions((asked) => write((tx) => work(tx, asked))),
    backup: () => Promise.reject(new Error('use pg_dump to back up a Postgres database')),
    close: () => query.destroy(),
  };
}
