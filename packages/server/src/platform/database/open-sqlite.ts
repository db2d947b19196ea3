import { chmodSync, existsSync } from 'node:fs';
import { backup, DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { createBuilder } from './builder.ts';
import { asDatabaseFailure, requireStorable } from './failures.ts';
import { createWriter } from './group-commit.ts';
import type { Database, Reader, Rows, Tx } from './schema.ts';

/** A checkpoint blocks the event loop for as long as it copies; with fewer pages, those that every commit touches are copied more often. */
const CHECKPOINT_PAGES = 1_000;
/** Of the reader, in KiB: for what of the file is not mapped. */
const READER_CACHE_KIB = 16_384;
/** Of the writer, in KiB: holds most of the indexes by which a million users and their sessions are found. */
const WRITER_CACHE_KIB = 65_536;
/**
 * Of the file, in bytes, that the reader sees as memory, the most that SQLite allows: every commit of the writer makes it forget its cache,
 * and what it would read again is there already. The writer does without: an error of the disk has to reach it as an error.
 */
const MAPPED_BYTES = 2 ** 31;
const BUSY_TIMEOUT_MS = 5000;
const MOST_PREPARED = 500;

/** Runs statements on one connection, each prepared once. */
function createRunner(db: DatabaseSync): (sql: string, parameters: readonly unknown[]) => Rows {
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

function readerOn(db: DatabaseSync): Reader {
  const run = createRunner(db);
  return { dialect: 'sqlite', query: createBuilder('sqlite', run), run };
}

function openWriter(file: string): DatabaseSync {
  const isNew = !existsSync(file);
  const db = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS, enableForeignKeyConstraints: true });
  // The file holds addresses and hashes: nobody but its owner reads it.
  if (isNew) chmodSync(file, 0o600);
  db.exec(`pragma journal_mode = wal; pragma synchronous = full; pragma wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  db.exec(`pragma cache_size = -${WRITER_CACHE_KIB}`);
  return db;
}

/** What `together` is where nothing is saved by it: whoever asks has a transaction to themselves. */
function eachAlone(write: Database['write']): Database['together'] {
  return <Q, A>(work: (tx: Tx, asked: readonly Q[]) => Promise<readonly A[]>) =>
    async (asked: Q) => {
      const [answer] = await write((tx) => work(tx, [asked]));
      return answer as A;
    };
}

/** Opens or creates a SQLite file: write-ahead log, every commit flushed to disk, one writer and one reader. */
export function openSqlite(file: string): Database {
  try {
    const writerDb = openWriter(file);
    const readerDb = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS, readOnly: true });
    readerDb.exec(`pragma cache_size = -${READER_CACHE_KIB}; pragma mmap_size = ${MAPPED_BYTES}`);
    const writer = createWriter(writerDb, readerOn(writerDb));
    return {
      dialect: 'sqlite',
      read: readerOn(readerDb),
      write: writer.write,
      together: eachAlone(writer.write),
      backup: async (to) => {
        await backup(readerDb, to);
        chmodSync(to, 0o600);
      },
      async close() {
        await writer.idle();
        readerDb.close();
        writerDb.close();
      },
    };
  } catch (error) {
    throw asDatabaseFailure(error);
  }
}
