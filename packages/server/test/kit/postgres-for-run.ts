// Vitest's global setup of the server project: one Postgres for the whole run. Tests find it with
// `inject('postgresUrl')`, which is null when the run is for SQLite only.
import type { TestProject } from 'vitest/node';
import { startPostgres, type TestPostgres } from './postgres.ts';

declare module 'vitest' {
  interface ProvidedContext {
    postgresUrl: string | null;
  }
}

let postgres: TestPostgres | undefined;

/** Starts Postgres unless GATEHOUSE_TEST_DATABASES says "sqlite". */
export async function setup(project: TestProject): Promise<void> {
  if (process.env.GATEHOUSE_TEST_DATABASES !== 'sqlite') postgres = await startPostgres();
  project.provide('postgresUrl', postgres?.url ?? null);
}

/** Stops it. */
export async function teardown(): Promise<void> {
  await postgres?.stop();
}
