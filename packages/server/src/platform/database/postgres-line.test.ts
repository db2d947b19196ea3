import { sql } from 'kysely';
import pg from 'pg';
import { expect, inject, onTestFinished, test } from 'vitest';
import { createDatabase } from '../../../test/kit/postgres.ts';
import { startRefusingPooler } from '../../../test/kit/refusing-pooler.ts';
import { migrations } from '../../migrations/index.ts';
import { type Database, DatabaseUnavailable, migrate, openDatabase, statement, type Tx } from './index.ts';

const postgres = inject('postgresUrl');
const onPostgres = test.skipIf(postgres === null);

const note = statement<{ word: string }, never>((query, p) =>
  query.insertInto('rate_limits').values({ key: p('word'), window_ends_at: 1, uses: 0 }),
);
const words = statement<object, { word: string }>((query) =>
  query.selectFrom('rate_limits').select('key as word').orderBy('key'),
);

async function open(url: string): Promise<Database> {
  const database = await openDatabase({ url, poolSize: 1, prepare: true });
  onTestFinished(() => database.close());
  return database;
}

async function openNotes(): Promise<{ url: string; database: Database; wordsOf: () => Promise<string[]> }> {
  const url = await createDatabase(postgres ?? '');
  const database = await open(url);
  await migrate(database, migrations);
  return { url, database, wordsOf: async () => (await words.all(database.read, {})).map(({ word }) => word) };
}

const works: [string, (tx: Tx) => Promise<unknown>][] = [
  ['writes what it waits for', (tx) => note.run(tx, { word: 'waited' })],
  ['writes what it does not wait for', async (tx) => note.send(tx, { word: 'sent' })],
  [
    'looks first',
    async (tx) => {
      await words.all(tx, {});
      await note.run(tx, { word: 'looked' });
    },
  ],
  [
    'asks for several at once',
    (tx) => Promise.all([words.all(tx, {}), note.run(tx, { word: 'second' }), note.run(tx, { word: 'third' })]),
  ],
];

//
onPostgres.each(works)('when `begin` is refused alone, nothing stays of work that %s', async (_title, work) => {
  const { url, wordsOf } = await openNotes();
  const pooler = await startRefusingPooler(Number(new URL(url).port));
  onTestFinished(() => pooler.close());
  const way = new URL(url);
  way.port = String(pooler.port);
  const database = await open(way.href);
  await database.write((tx) => words.all(tx, {}));
  pooler.refuseNext();
  await expect(database.write(work)).rejects.toThrow(DatabaseUnavailable);
  expect(await wordsOf()).toEqual([]);
  await database.write(work);
  expect(await wordsOf()).not.toEqual([]);
});

onPostgres('statements keep their order, also those that wait for `begin`', async () => {
  const { database } = await openNotes();
  const seen = await database.write((tx) => {
    note.send(tx, { word: 'a' });
    const one = words.all(tx, {});
    note.send(tx, { word: 'b' });
    return Promise.all([one, words.all(tx, {})]);
  });
  expect(seen.map((rows) => rows.map(({ word }) => word))).toEqual([['a'], ['a', 'b']]);
});

//
onPostgres('what was answered "unavailable" because it was held up does not happen later', async () => {
  const { url, database, wordsOf } = await openNotes();
  const holder = new pg.Client(url);
  await holder.connect();
  try {
    await holder.query("begin; insert into rate_limits (key, window_ends_at, uses) values ('held', 1, 0)");
    const held = database.write(async (tx) => note.send(tx, { word: 'held' }));
    await expect(held).rejects.toThrow(DatabaseUnavailable);
    await holder.query('rollback');
  } finally {
    await holder.end();
  }
  expect(await wordsOf()).toEqual([]);
});

onPostgres('a transaction that somebody else has spoilt is not taken for committed', async () => {
  const { database, wordsOf } = await openNotes();
  const kept: Tx[] = [];
  await database.write(async (tx) => kept.push(tx));
  const spoilt = database.write(async (tx) => {
    await note.run(tx, { word: 'spoilt' });
    await kept[0]?.query
      .selectNoFrom(sql`1 / 0`.as('nothing'))
      .execute()
      .catch(() => undefined);
  });
  await expect(spoilt).rejects.toThrow('nothing to commit');
  expect(await wordsOf()).toEqual([]);
});
