import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { describe, expect, inject, test } from 'vitest';
import { createDatabase, startPostgres } from './postgres.ts';

const sharedUrl = inject('postgresUrl');

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows as Record<string, unknown>[];
  } finally {
    await client.end();
  }
}

describe.skipIf(sharedUrl === null)('the Postgres of the test run', () => {
  const url = sharedUrl ?? '';

  test('gives every caller an empty database of its own', async () => {
    const [one, other] = await Promise.all([createDatabase(url), createDatabase(url)]);
    await query(one, 'create table door (id int)');
    expect(one).not.toBe(other);
    await expect(query(other, 'select * from door')).rejects.toThrow('does not exist');
  });

  test('is Postgres 14 or newer and stores UTF-8', async () => {
    const database = await createDatabase(url);
    expect(await query(database, "select 'Grüße 🌍' as text")).toEqual([{ text: 'Grüße 🌍' }]);
    const [row] = await query(database, 'show server_version_num');
    expect(Number(row?.server_version_num)).toBeGreaterThan(140_000);
  });
});

describe.skipIf(sharedUrl === null || process.env.TEST_DATABASE_URL !== undefined)('a Postgres of its own', () => {
  test('flushes to disk when a test asks for a durable one, and is gone after stop', async () => {
    const { url, stop } = await startPostgres({ durable: true });
    expect(await query(url, 'show fsync')).toEqual([{ fsync: 'on' }]);
    await stop();
    await expect(query(url, 'select 1')).rejects.toThrow('ECONNREFUSED');
  });

  test('ends when the process that started it is killed', async () => {
    const kit = new URL('postgres.ts', import.meta.url).href;
    const script = `const { url } = await (await import('${kit}')).startPostgres(); console.log(url);`;
    const owner = spawn(process.execPath, ['--input-type=module', '-e', script], { cwd: import.meta.dirname });
    const [url] = (await once(createInterface(owner.stdout), 'line')) as [string];
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const closed = new Promise<void>((resolve) => client.on('error', () => {}).on('end', resolve));
    owner.kill('SIGKILL');
    await closed;
    await expect(query(url, 'select 1')).rejects.toThrow(
      /ECONNREFUSED|ECONNRESET|shutting down|terminated unexpectedly/,
    );
  });
});
