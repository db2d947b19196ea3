import { rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { databaseKinds } from '../kit/databases.ts';
import { createWorkplace, type Workplace } from '../kit/gatehouse-command.ts';

interface Finding {
  check: string;
  status: string;
  message: string;
  fix?: string;
}

const FREE = { PORT: '0' };
let work: Workplace;

beforeEach(() => {
  work = createWorkplace();
});

afterEach(() => work.clean());

async function examine(words: string[] = [], environment: Record<string, string> = {}) {
  const { exitCode, stdout } = await work.run(['doctor', '--json', ...words], { ...FREE, ...environment });
  const report = JSON.parse(stdout) as { ok: boolean; checks: Finding[] };
  expect(report.ok).toBe(exitCode === 0);
  const problems = report.checks.filter((finding) => finding.status === 'problem');
  expect(problems.every((finding) => finding.fix !== undefined)).toBe(true);
  return { exitCode, checks: report.checks, problems: problems.map((finding) => finding.check), stdout };
}

describe.each(databaseKinds())('on $name', (kind) => {
  test('a house in order has no problem, and every check is in the table', async () => {
    const database = await kind.create();
    await work.run(['init', database.url]);
    const { exitCode, stdout, stderr } = await work.run(['doctor', database.url], FREE);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const rows = stdout
      .trim()
      .split('\n')
      .filter((line) => !line.startsWith(' '))
      .map((line) => line.split(/\s+/).slice(0, 2));
    const checks = [
      'configuration',
      'node',
      'hashing',
      'database',
      'durability',
      'secret',
      'signing',
      'clock',
      'mail',
      'issuer',
      'port',
      'disk',
    ];
    // The Postgres of tests is one that may forget: that is told, and no problem.
    const forgets = kind.name === 'Postgres' ? 'warn' : 'ok';
    expect(rows).toEqual(checks.map((check) => [check === 'durability' ? forgets : 'ok', check]));
    database.forget();
  });
});

test('a missing database is a problem, and none is made', async () => {
  const { problems, checks } = await examine();
  expect(problems).toEqual(['database']);
  expect(checks.find((finding) => finding.check === 'database')?.fix).toContain('gatehouse init');
  expect((await examine()).problems).toEqual(['database']);
});

test('a missing key file is a problem', async () => {
  await work.run(['init']);
  rmSync(join(work.folder, 'gatehouse.sqlite.key'));
  expect((await examine()).problems).toEqual(['secret']);
});

test('a secret that opens nothing is a problem, and is not shown', async () => {
  await work.run(['init']);
  const secret = 'canary: quite another secret, and a long one';
  const { problems, stdout } = await examine([], { GATEHOUSE_SECRET: secret });
  expect(problems).toEqual(['secret']);
  expect(stdout).not.toContain('canary');
});

test('an SMTP server that nobody answers for is a problem, and its password is not shown', async () => {
  await work.run(['init']);
  const words = ['--host', '127.0.0.1', '--port', '1', '--username', 'me', '--password', 'canary'];
  await work.run(['smtp', 'add', ...words, '--from-email', 'a@b.example']);
  const { problems, stdout } = await examine();
  expect(problems).toEqual(['mail']);
  expect(stdout).not.toContain('canary');
});

test('a public server without a way for mail is a problem; one on this machine has its mailbox', async () => {
  await work.run(['init']);
  expect((await examine([], { AUTH_ISSUER: 'https://auth.example.com' })).problems).toEqual(['mail']);
  expect((await examine()).problems).toEqual([]);
});

test('a database of a newer version is a problem', async () => {
  await work.run(['init']);
  const db = new DatabaseSync(join(work.folder, 'gatehouse.sqlite'));
  db.exec("insert into schema_migrations (name, timestamp) values ('9999-contract-from-the-future', '2030-01-01')");
  db.close();
  const { problems, stdout } = await examine();
  expect(problems).toEqual(['database']);
  expect(stdout).toContain('9999-contract-from-the-future');
});

test('a clock that stands before the newest row is a problem', async () => {
  await work.run(['init']);
  const db = new DatabaseSync(join(work.folder, 'gatehouse.sqlite'));
  db.exec(`update signing_keys set created_at = ${Date.now() + 3_600_000} where slot = 'STANDBY'`);
  db.close();
  expect((await examine()).problems).toEqual(['clock']);
});

test('mistakes of the configuration are all listed, and the rest waits for them', async () => {
  const { problems, checks } = await examine([], { PORT: 'abc', WORKERS: 'many' });
  expect(problems).toEqual(['configuration', 'configuration']);
  expect(checks.map((finding) => finding.check)).not.toContain('database');
});

test('an unencrypted public issuer is a warning, not a problem', async () => {
  await work.run(['init']);
  const words = { AUTH_ISSUER: 'http://auth.example.com', ALLOW_INSECURE_ISSUER: 'true', MAIL_TRANSPORT: 'console' };
  const { exitCode, checks } = await examine([], words);
  expect(exitCode).toBe(0);
  const warned = checks.filter((finding) => finding.status === 'warn').map((finding) => finding.check);
  expect(warned).toEqual(['configuration', 'mail', 'issuer']);
});

test('a port that our server answers on is fine, one that another program holds is a problem', async () => {
  const server = await work.start();
  expect((await examine([], { PORT: new URL(server.url).port })).problems).toEqual([]);
  const other = createServer((_request, response) => response.end('hello')).listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  const { port } = other.address() as AddressInfo;
  expect((await examine([], { PORT: String(port) })).problems).toEqual(['port']);
  other.close();
});
