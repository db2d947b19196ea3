import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { asDatabaseFailure } from './failures.ts';
import type { Reader, Tx } from './schema.ts';

type Work<T> = (tx: Tx) => Promise<T>;

interface Pending {
  work: Work<unknown>;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** What became of one unit of work inside the shared transaction. */
interface Outcome {
  pending: Pending;
  settle(): void;
}

/** The one connection that writes, with the statements that every transaction needs, prepared. */
interface Connection {
  db: DatabaseSync;
  on: Reader;
  savepoint: StatementSync;
  release: StatementSync;
}

function undo(db: DatabaseSync): boolean {
  // SQLite ends the whole transaction by itself on a full disk or an I/O error: then there is nothing left to undo.
  if (!db.isTransaction) return false;
  db.exec('rollback to work; release work');
  return true;
}

async function runOne({ db, on, savepoint, release }: Connection, pending: Pending): Promise<Outcome> {
  const actions: (() => void)[] = [];
  savepoint.run();
  try {
    const value = await pending.work({ ...on, afterCommit: (action) => actions.push(action) });
    release.run();
    return {
      pending,
      settle() {
        pending.resolve(value);
        for (const action of actions) action();
      },
    };
  } catch (error) {
    const failure = asDatabaseFailure(error);
    if (!undo(db)) throw failure;
    return { pending, settle: () => pending.reject(failure) };
  }
}

/** All of `batch` in one transaction: one fsync for all of them. Throws when none of it became durable. */
async function commitTogether(connection: Connection, batch: readonly Pending[]): Promise<Outcome[]> {
  const { db } = connection;
  const outcomes: Outcome[] = [];
  try {
    db.exec('begin immediate');
    for (const pending of batch) outcomes.push(await runOne(connection, pending));
    db.exec('commit');
    return outcomes;
  } catch (error) {
    if (db.isTransaction) db.exec('rollback');
    throw asDatabaseFailure(error);
  }
}

/** The one writer of a SQLite file in this process. */
export interface Writer {
  write<T>(work: Work<T>): Promise<T>;
  /** Resolves when no transaction is under way or waiting. */
  idle(): Promise<void>;
}

/**
 * Group commit: the transactions asked for in one turn of the event loop run one after another, each in a savepoint of
 * its own, and share one commit. A caller's promise settles only after that commit, so an answer never precedes it.
 */
export function createWriter(db: DatabaseSync, on: Reader): Writer {
  const connection = { db, on, savepoint: db.prepare('savepoint work'), release: db.prepare('release work') };
  let waiting: Pending[] = [];
  let flushing: Promise<void> | null = null;

  const flush = async (): Promise<void> => {
    await new Promise(setImmediate);
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        for (const outcome of await commitTogether(connection, batch)) outcome.settle();
      } catch (error) {
        for (const pending of batch) pending.reject(error);
      }
      // Lets the settled callers answer and new requests arrive before the next shared transaction.
      await new Promise(setImmediate);
    }
    flushing = null;
  };

  return {
    write<T>(work: Work<T>): Promise<T> {
      return new Promise<T>((resolve, reject) => {
        waiting.push({ work, resolve: resolve as (value: unknown) => void, reject });
        flushing ??= flush();
      });
    },
    idle: async () => {
      while (flushing) await flushing;
    },
  };
}
