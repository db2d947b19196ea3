import type { Kysely } from 'kysely';

/**
 * Every table, by name. Empty here: each room adds the tables it owns by declaration merging (`tables.ts`),
 * so that this floor knows no word of what is stored.
 */
// biome-ignore lint/suspicious/noEmptyInterface: rooms merge their tables into it
export interface Schema {}

export type DialectName = 'sqlite' | 'postgres';

/** Something statements run on. */
export interface Reader {
  readonly dialect: DialectName;
  readonly query: Kysely<Schema>;
  readonly run: RunStatement;
}

/** What a statement answered, and how many rows it changed. */
export interface Rows {
  rows: unknown[];
  changes: number;
}

/** Runs a compiled statement, at once where the database is in this process; the builder would wrap it in a dozen promises. */
export type RunStatement = (sql: string, parameters: readonly unknown[]) => Rows | Promise<Rows>;

/** A transaction under way. */
export interface Tx extends Reader {
  /** Runs `action` once the transaction is durable; never when it was rolled back. */
  afterCommit(action: () => void): void;
}

export interface Database {
  readonly dialect: DialectName;
  /** A connection that sees only committed rows. */
  readonly read: Reader;
  /**
   * Runs `work` in a transaction, rolled back when it throws; resolves when its effects are durable. On Postgres each of its statements
   * has seconds, for somebody waits; work that nobody waits for is `isPatient`.
   */
  write<T>(work: (tx: Tx) => Promise<T>, manner?: { isPatient?: boolean }): Promise<T>;
  /**
   * A transaction for those who ask for the same at the same moment: `work` answers them in their order, and no answer arrives before it is
   * durable. On Postgres they share one, so that a journey is made for all of them; on SQLite, where only a commit costs and is shared
   * anyway, each has their own.
   */
  together<Q, A>(work: (tx: Tx, asked: readonly Q[]) => Promise<readonly A[]>): (asked: Q) => Promise<A>;
  /** Copies a consistent image of the database to the file `to` while it is in use (SQLite only). */
  backup(to: string): Promise<void>;
  /** Waits for transactions under way, then lets go of every connection. */
  close(): Promise<void>;
}
