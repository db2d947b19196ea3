// A reader of the server's own database, beside the server.
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import pg from 'pg';

export type Row = Record<string, string | number | null>;

/** Statements are written with `?` for both kinds of database. */
export interface DatabaseView {
  rows<R extends object = Row>(sql: string, values?: readonly SQLInputValue[]): Promise<R[]>;
  /** Resolves when the connections of a server that was killed are gone, with what they still had to commit. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

const INT8 = 20;

const getTypeParser = ((type: number, format?: 'text' | 'binary') =>
  type === INT8 ? Number : pg.types.getTypeParser(type, format as 'text')) as typeof pg.types.getTypeParser;

function viewFile(path: string): DatabaseView {
  const open = <T>(read: (db: DatabaseSync) => T): T => {
    const db = new DatabaseSync(path, { timeout: 5000 });
    try {
      return read(db);
    } finally {
      db.close();
    }
  };
  return {
    rows: async <R>(sql: string, values: readonly SQLInputValue[] = []) =>
      open((db) => db.prepare(sql).all(...values) as R[]),
    settled: async () => undefined,
    close: async () => undefined,
  };
}

function viewPostgres(url: string): DatabaseView {
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  // A server that is killed takes idle connections with it.
  pool.on('error', () => undefined);
  const rows = async <R>(sql: string, values: readonly unknown[] = []) => {
    let place = 0;
    const numbered = sql.replaceAll('?', () => {
      place++;
      return `$${place}`;
    });
    return (await pool.query({ text: numbered, values: [...values], types: { getTypeParser } })).rows as R[];
  };
  return {
    rows,
    async settled() {
      const others = `select pid from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`;
      while ((await rows(others)).length > 0);
    },
    close: () => pool.end(),
  };
}

/** Opens a reader of the database at a path or URL. */
export function openView(database: string): DatabaseView {
  return database.startsWith('postgres') ? viewPostgres(database) : viewFile(database);
}
