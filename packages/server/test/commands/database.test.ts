import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { databaseKinds } from '../kit/databases.ts';
import { createWorkplace, type Workplace } from '../kit/gatehouse-command.ts';

let work: Workplace;

beforeEach(() => {
  work = createWorkplace();
});

afterEach(() => work.clean());

describe.each(databaseKinds())('on $name', (kind) => {
  let database: { url: string; forget(): void };

  beforeEach(async () => {
    database = await kind.create();
  });

  afterEach(() => database.forget());

  test.each(['init', 'create'])(
    '%s makes the schema and two keys, and changes nothing the second time',
    async (word) => {
      const first = await work.run([word, database.url]);
      expect(first).toMatchObject({ exitCode: 0, stderr: '' });
      expect(first.stdout).toMatch(/^migrated {2}0001-foundation\n(migrated .*\n)*database .*\nkey file .*\n$/);
      const keys = await work.run(['keys', 'list', database.url]);
      expect(keys.stdout.split('\n').map((line) => line.split('\t')[2])).toEqual(['CURRENT', 'STANDBY', undefined]);
      const second = await work.run([word, database.url]);
      expect(second.stdout).toBe(first.stdout.replace(/^migrated .*\n/gm, ''));
      expect((await work.run(['keys', 'list', database.url])).stdout).toBe(keys.stdout);
    },
  );

  test('migrate prints the steps that ran, then that there is nothing to do', async () => {
    await work.run(['init', database.url]);
    expect((await work.run(['migrate', database.url])).stdout).toBe('nothing to do\n');
  });

  test('DATABASE_URL names the database as the argument does', async () => {
    await work.run(['init', database.url]);
    const { exitCode, stdout } = await work.run(['keys', 'list'], { DATABASE_URL: database.url });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('CURRENT');
  });

  test('a command before init says to run it, and makes nothing', async () => {
    const { exitCode, stderr } = await work.run(['origin', 'list', database.url]);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^Error: .*\nSee: gatehouse init\n$/);
    expect(readdirSync(work.folder)).toEqual([]);
  });

  //
  test('a database of a newer version is left as it is', async () => {
    await work.run(['init', database.url]);
    await addMigration(database.url, '9999-contract-from-the-future');
    for (const words of [['start', '--port', '0'], ['init'], ['migrate'], ['keys', 'rotate']]) {
      const { exitCode, stderr } = await work.run([...words, database.url]);
      expect(exitCode).toBe(1);
      expect(stderr).toContain(
        'newer version of Gatehouse (it holds 9999-contract-from-the-future); nothing was changed',
      );
    }
  });
});

async function addMigration(url: string, name: string): Promise<void> {
  const insert = `insert into schema_migrations (name, timestamp) values ('${name}', '2030-01-01')`;
  if (!url.startsWith('postgres')) {
    const db = new DatabaseSync(url);
    db.exec(insert);
    db.close();
    return;
  }
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(insert);
  await client.end();
}

test('the database and its key file are readable by their owner only', async () => {
  await work.run(['init']);
  for (const name of ['gatehouse.sqlite', 'gatehouse.sqlite.key']) {
    expect(statSync(join(work.folder, name)).mode & 0o777).toBe(0o600);
  }
});

test('a key file that is lost is not replaced by one that opens nothing', async () => {
  await work.run(['init']);
  rmSync(join(work.folder, 'gatehouse.sqlite.key'));
  const { exitCode, stderr } = await work.run(['init']);
  expect(exitCode).toBe(1);
  expect(stderr).toContain('is missing');
  expect(existsSync(join(work.folder, 'gatehouse.sqlite.key'))).toBe(false);
});

test('a file in a folder that is not there is a clear mistake', async () => {
  for (const word of ['init', 'start']) {
    const { exitCode, stderr } = await work.run([word, 'nowhere/x.sqlite']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`Error: the folder ${join(work.folder, 'nowhere')} does not exist`);
  }
});

test('a file that is something else is refused and kept', async () => {
  const text = 'a letter to a friend, which is longer than the header of a database. '.repeat(40);
  writeFileSync(join(work.folder, 'letter.txt'), text);
  const { exitCode, stderr } = await work.run(['start', '--port', '0', 'letter.txt']);
  expect(exitCode).toBe(1);
  expect(stderr).toContain('the file is no SQLite database');
  expect(readFileSync(join(work.folder, 'letter.txt'), 'utf8')).toBe(text);
});

test('--verbose adds the cause and its stack, which are not shown otherwise', async () => {
  const words = ['keys', 'list', 'postgres://somebody:canary@127.0.0.1:1/nothing'];
  const short = await work.run(words);
  expect(short.exitCode).toBe(1);
  expect(short.stderr).toBe('Error: the database cannot be reached or written to\nSee: gatehouse doctor\n');
  const long = await work.run([...words, '--verbose']);
  expect(long.stderr).toContain('Caused by: ');
  expect(long.stderr).toContain('ECONNREFUSED');
  expect(long.stderr).toContain('    at ');
  expect(long.stdout + long.stderr).not.toContain('canary');
});

describe('backup', () => {
  test('copies a database that a server uses; the copy opens with the same key', async () => {
    const server = await work.start();
    const { exitCode, stdout } = await work.run(['backup', 'copy.sqlite']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`Keep the key file too, in another place: ${join(work.folder, 'gatehouse.sqlite.key')}`);
    expect(statSync(join(work.folder, 'copy.sqlite')).mode & 0o777).toBe(0o600);
    const original = await work.run(['keys', 'list']);
    await server.end('SIGTERM');
    expect((await work.run(['keys', 'list', 'copy.sqlite'])).stdout).toBe(original.stdout);
    expect(readdirSync(work.folder).filter((name) => name.includes('unfinished'))).toEqual([]);
  });

  test('never writes over a file', async () => {
    await work.run(['init']);
    writeFileSync(join(work.folder, 'copy.sqlite'), 'precious');
    const { exitCode, stderr } = await work.run(['backup', 'copy.sqlite']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('exists already');
    expect(readFileSync(join(work.folder, 'copy.sqlite'), 'utf8')).toBe('precious');
  });

  test('sends the owner of a Postgres database to pg_dump', async () => {
    const { exitCode, stderr } = await work.run(['backup', 'copy.sqlite', 'postgres://nobody@127.0.0.1:1/nothing']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('pg_dump');
  });
});

test('a key file that others may read is refused', async () => {
  mkdirSync(join(work.folder, 'data'));
  await work.run(['init', 'data/auth.sqlite']);
  chmodSync(join(work.folder, 'data/auth.sqlite.key'), 0o644);
  const { exitCode, stderr } = await work.run(['start', '--port', '0', 'data/auth.sqlite']);
  expect(exitCode).toBe(1);
  expect(stderr).toContain('may be read by others; run: chmod 600');
});
