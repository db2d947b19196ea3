import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { createDatabase } from './postgres.ts';

/** A kind of database to run the same tests against. */
export interface DatabaseKind {
  name: 'SQLite' | 'Postgres';
  /** Makes an empty database of its own and says how to reach and how to forget it. */
  create(): Promise<{ url: string; forget(): void }>;
}

const sqlite: DatabaseKind = {
  name: 'SQLite',
  create: async () => {
    const directory = mkdtempSync(join(tmpdir(), 'gatehouse-'));
    const forget = () => rmSync(directory, { recursive: true, force: true });
    return { url: join(directory, 'test.sqlite'), forget };
  },
};

/** SQLite, and Postgres unless the run was told to do without it (GATEHOUSE_TEST_DATABASES=sqlite). */
export function databaseKinds(): DatabaseKind[] {
  const postgresUrl = inject('postgresUrl');
  if (postgresUrl === null) return [sqlite];
  return [
    sqlite,
    { name: 'Postgres', create: async () => ({ url: await createDatabase(postgresUrl), forget: () => undefined }) },
  ];
}
