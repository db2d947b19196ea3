import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDatabase, startPostgres } from '../../packages/server/test/kit/postgres.ts';
import { sharedBuffers } from './settings.ts';
import type { DatabaseName } from './world.ts';

/** Where databases of one kind are made, and forgotten together. */
export interface BenchDatabases {
  name: DatabaseName;
  /** A folder for whatever else is needed, on the disk of SQLite files. */
  folder: string;
  /** The URL of a new, empty database. */
  create(): Promise<string>;
  close(): Promise<void>;
}

/** Opens a place for databases: a folder, or a Postgres that flushes to disk. */
export async function openDatabases(name: DatabaseName): Promise<BenchDatabases> {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'));
  const postgres = name === 'postgres' ? await startPostgres({ durable: true, sharedBuffers }) : null;
  let made = 0;
  return {
    name,
    folder,
    create: async () => (postgres ? createDatabase(postgres.url) : join(folder, `${++made}.sqlite`)),
    async close() {
      await postgres?.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
