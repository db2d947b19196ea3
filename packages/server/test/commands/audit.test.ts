import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorkplace, type Workplace } from '../kit/gatehouse-command.ts';

let place: Workplace;
let key: string;
const at = (name: string) => join(place.folder, name);

beforeAll(async () => {
  place = createWorkplace();
  await place.run(['init']);
  for (const page of ['one', 'two', 'three']) await place.run(['origin', 'add', '--value', `https://${page}.example`]);
  key = (await place.run(['audit', 'keys'])).stdout.trim();
  mkdirSync(at('kept'));
  writeFileSync(at('kept/1.checkpoint'), (await place.run(['audit', 'checkpoint'])).stdout);
  writeFileSync(at('log.ndjson'), (await place.run(['audit', 'export'])).stdout);
});
afterAll(() => place.clean());

const verify = (...words: string[]) => place.run(['audit', 'verify', ...words]);

test('a database verifies against a key and a checkpoint that were kept elsewhere', async () => {
  const { exitCode, stdout } = await verify('--key', key, '--checkpoint', 'kept');
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^ok: \d+ entries, 0 of them purged; the newest checkpoint is over \d+\n$/);
});

test('an export verifies in a folder without any database', async () => {
  const elsewhere = createWorkplace();
  const { exitCode, stdout } = await elsewhere.run([
    ...['audit', 'verify', '--export', at('log.ndjson')],
    ...['--key', key, '--checkpoint', at('kept'), '--json'],
  ]);
  await elsewhere.clean();
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ ok: true, complete: true, broken: null });
});

test('a log that was believed about itself is told to be so', async () => {
  const { stdout } = await verify();
  expect(stdout).toContain('believed about its own key');
  expect(stdout).toContain('no checkpoint kept elsewhere');
});

test('an export that was changed does not verify, and says where', async () => {
  writeFileSync(at('changed.ndjson'), readFileSync(at('log.ndjson'), 'utf8').replace('https://two', 'https://evil'));
  const { exitCode, stdout } = await verify('--export', 'changed.ndjson', '--key', key);
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/^BROKEN at entry \d+: the event was changed\n$/);
});

test('an export under another key does not verify', async () => {
  const other = createWorkplace();
  await other.run(['init']);
  const foreign = (await other.run(['audit', 'keys'])).stdout.trim();
  await other.clean();
  expect((await verify('--export', 'log.ndjson', '--key', foreign)).exitCode).toBe(1);
});

test('a selection says that it is one', async () => {
  writeFileSync(at('part.ndjson'), (await place.run(['audit', 'export', '--client', 'default'])).stdout);
  const { exitCode, stdout } = await verify('--export', 'part.ndjson', '--key', key, '--checkpoint', 'kept');
  expect(exitCode).toBe(0);
  expect(stdout).toContain('this is a selection');
});

test.each([
  [['audit', 'verify', '--key', 'nonsense'], 'no public key'],
  [['audit', 'verify', '--checkpoint', 'absent'], 'no checkpoint absent'],
  [['audit', 'verify', '--export', 'absent'], 'no file absent'],
  [['audit', 'export', '--format', 'xml'], 'no format "xml"'],
])('%j fails with a sentence', async (words, sentence) => {
  const { exitCode, stderr } = await place.run(words);
  expect(exitCode).toBe(1);
  expect(stderr).toContain(sentence);
});

test('a purge removes nothing unless told to, and nothing before its time', async () => {
  expect((await place.run(['audit', 'purge'])).stdout).toBe('0 could be removed (give --yes), 0 held\n');
  expect((await place.run(['audit', 'purge', '--yes'])).stdout).toBe('0 removed, 0 held\n');
});

test('CSV goes to the output too', async () => {
  expect((await place.run(['audit', 'export', '--format', 'csv'])).stdout).toMatch(/^seq,id,created_at/);
});

// the newest rows are cut off and every table is made to fit.
test('a database whose newest events were cut off does not verify against a kept checkpoint', async () => {
  const database = new DatabaseSync(at('gatehouse.sqlite'));
  const size = (database.prepare('select max(seq) as seq from audit_leaves').get() as { seq: number }).seq;
  database.exec(`delete from audit_events where id in (select event_id from audit_leaves where seq >= ${size - 3});
    delete from audit_leaves where seq >= ${size - 3};
    delete from audit_checkpoints where tree_size > ${size - 3};`);
  database.close();
  const { exitCode, stdout } = await verify('--key', key, '--checkpoint', 'kept');
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/BROKEN at entry \d+: the log ends here, but a checkpoint was signed over \d+ entries/);
});
