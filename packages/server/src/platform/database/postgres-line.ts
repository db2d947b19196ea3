import { createHash } from 'node:crypto';
import type { Pool, PoolClient, QueryResult } from 'pg';
import { isOverdue, requireStorable } from './failures.ts';
import type { Rows } from './schema.ts';

const MOST_NAMES = 1000;
/** So much sooner than we do Postgres gives a statement up: it must not do later what was answered 503. */
const SOONER_MS = 500;
/** A statement that leaves nothing behind should `begin` fail before it, as it does where a pooler has no connection to give. */
const LOOK = /^select\b/i;
const BEGINNING = /^(begin|commit|rollback|start)/i;

/** A stable name for each statement text, up to a bound: what comes after it runs unnamed. */
export function createNames(): (sql: string) => string | undefined {
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
export interface Manner {
  nameOf(sql: string): string | undefined;
  answerMs?: number;
}

/** One connection, for as long as it is ours. What is asked is sent at once and done in that order; nothing is sent after a failure. */
export interface Line {
  run(sql: string, values: readonly unknown[]): Promise<Rows>;
  /** Travels with what is asked next, if that only looks; all else waits until it is answered. */
  begin(): void;
  /** Throws when there is nothing to commit, because a statement had failed, also one that nobody waited for or minded. */
  commit(): Promise<void>;
  rollBack(): Promise<void>;
  release(): void;
}

type Ask = (sql: string, values?: readonly unknown[]) => Promise<QueryResult>;

/** A connection, and what went wrong on it. */
interface Wire {
  ask: Ask;
  /** What the first statement that failed was told: after it nothing succeeds. */
  failure?: unknown;
  /** Whether the connection is of no more use. */
  isLost: boolean;
}

function createWire(client: PoolClient, { nameOf, answerMs }: Manner): Wire {
  const wire: Wire = {
    isLost: false,
    ask: (sql, values = []) =>
      new Promise((resolve, reject) => {
        const name = nameOf(sql);
        const named = { text: sql, values: [...values], ...(name ? { name } : {}) };
        // With a callback, for those of statements are called in order: at a commit it is known what failed before.
        client.query({ ...named, ...(answerMs && { query_timeout: answerMs }) }, (error: unknown, result) => {
          if (!error) return resolve(result);
          wire.failure ??= error;
          wire.isLost ||= isOverdue(error);
          reject(wire.failure);
        });
      }),
  };
  return wire;
}

/** Sends what is asked in its order, and `begin` before it. */
function createTurns(wire: Wire): { ask: Ask; begin(text: string): void; begun(): Promise<unknown> } {
  let beginning: Promise<unknown> | null = null;
  let isFirst = false;
  const askUnlessFailed: Ask = (sql, values) => (wire.failure ? Promise.reject(wire.failure) : wire.ask(sql, values));
  return {
    ask(sql, values) {
      const held = isFirst && LOOK.test(sql) ? null : beginning;
      isFirst = false;
      return held ? held.then(() => askUnlessFailed(sql, values)) : askUnlessFailed(sql, values);
    },
    begin(text) {
      isFirst = true;
      const over = () => {
        beginning = null;
      };
      beginning = wire.ask(text);
      beginning.then(over, over);
    },
    begun: async () => beginning?.catch(() => undefined),
  };
}

export async function openLine(pool: Pool, manner: Manner): Promise<Line> {
  const client = await pool.connect();
  const wire = createWire(client, manner);
  const turns = createTurns(wire);
  const { answerMs } = manner;
  return {
    run(sql, values) {
      // At once, also for those who do not wait: what is not sent cannot fail the transaction.
      requireStorable(values);
      return turns.ask(sql, values).then(({ rows, rowCount }) => ({ rows, changes: rowCount ?? 0 }));
    },
    begin: () => turns.begin(answerMs ? `begin; set local statement_timeout = ${answerMs - SOONER_MS}` : 'begin'),
    async commit() {
      const { command } = await turns.ask('commit');
      // Postgres has rolled back then, and called that no error.
      if (wire.failure || command !== 'COMMIT') throw wire.failure ?? new Error('there was nothing to commit');
    },
    async rollBack() {
      await turns.begun();
      await wire.ask('rollback').catch(() => {
        wire.isLost = true;
      });
    },
    release: () => client.release(wire.isLost),
  };
}
