import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { databaseKinds } from '../../../test/kit/databases.ts';
import { migrations } from '../../migrations/index.ts';
import {
  type Database,
  DatabaseUnavailable,
  isAmong,
  isUniqueViolation,
  listOf,
  listStatements,
  migrate,
  NewerDatabase,
  namesIn,
  openDatabase,
  pendingMigrations,
  rowsIn,
  statement,
  type Tx,
  UnstorableText,
} from './index.ts';

interface Row {
  key: string;
  window_ends_at: number;
  uses: number;
}

const firstKeys = statement<{ after: string; most: number }, Pick<Row, 'key'>>((query, p) =>
  query.selectFrom('rate_limits').select('key').where('key', '>', p('after')).orderBy('key').limit(p('most')),
);

const COLUMNS = { text: ['key'], bigint: ['window_ends_at'], integer: ['uses'] } as const;
const addRows = statement<{ rows: string }, never>((query, p, dialect) =>
  query
    .insertInto('rate_limits')
    .columns(namesIn(COLUMNS))
    .expression(rowsIn(dialect, { list: p('rows'), columns: COLUMNS }))
    .onConflict((on) => on.column('key').doNothing()),
);
const amongKeys = statement<{ keys: string }, Row>((query, p, dialect) =>
  query
    .selectFrom('rate_limits')
    .selectAll()
    .where(isAmong(dialect, 'key', { list: p('keys') }))
    .orderBy('window_ends_at'),
);
const amongEnds = statement<{ ends: string }, Row>((query, p, dialect) =>
  query
    .selectFrom('rate_limits')
    .selectAll()
    .where(isAmong(dialect, 'window_ends_at', { list: p('ends'), type: 'bigint' })),
);

const row = (key: string): Row => ({ key, window_ends_at: 1, uses: 0 });

const addRow = statement<Row, never>((query, p) =>
  query.insertInto('rate_limits').values({ key: p('key'), window_ends_at: p('window_ends_at'), uses: p('uses') }),
);

describe.each(databaseKinds())('the database on $name', (kind) => {
  let database: Database;
  let url: string;
  let forget: () => void;

  beforeAll(async () => {
    ({ url, forget } = await kind.create());
    database = await openDatabase({ url, poolSize: 5, prepare: true });
    await migrate(database, migrations);
  });
  afterAll(async () => {
    await database.close();
    forget();
  });

  const insert = (key: string) => database.write((tx) => tx.query.insertInto('rate_limits').values(row(key)).execute());
  const keys = async () =>
    (await database.read.query.selectFrom('rate_limits').select('key').execute()).map((one) => one.key);

  test('several statements that a transaction asks for at once run one after the other', async () => {
    const asked = ['at-once-1', 'at-once-2', 'at-once-3'];
    await database.write(async (tx) => {
      await Promise.all(asked.map((key) => tx.query.insertInto('rate_limits').values(row(key)).execute()));
    });
    expect(await keys()).toEqual(expect.arrayContaining(asked));
  });

  test('work that did not mind a failed statement is kept whole or not at all, and its caller knows which', async () => {
    const insertTwice = (tx: Tx) =>
      tx.query
        .insertInto('rate_limits')
        .values([row('minded'), row('minded')])
        .execute();
    const done = database.write(async (tx) => {
      await tx.query.insertInto('rate_limits').values(row('unminded')).execute();
      await insertTwice(tx).catch(() => undefined);
    });
    const isKept = await done.then(
      () => true,
      () => false,
    );
    expect((await keys()).includes('unminded')).toBe(isKept);
    expect(await keys()).not.toContain('minded');
  });

  test('what was sent without waiting for it is done in its place', async () => {
    const found = await database.write(async (tx) => {
      addRow.send(tx, row('sent'));
      return await tx.query.selectFrom('rate_limits').select('key').where('key', '=', 'sent').execute();
    });
    expect(found).toEqual([{ key: 'sent' }]);
    expect(await keys()).toContain('sent');
  });

  // R-014
  test.each([
    ['and it was the last', async () => undefined],
    ['and others come after it', async (tx: Tx) => void (await addRow.run(tx, row('behind')))],
  ])('what was sent and failed takes the transaction with it under its own name, %s', async (_title, next) => {
    await insert('taken').catch(() => undefined);
    const failed = database.write(async (tx) => {
      addRow.send(tx, row('beside'));
      addRow.send(tx, row('taken'));
      await next(tx);
    });
    expect(isUniqueViolation(await failed.catch((error: unknown) => error))).toBe(true);
    expect(await keys()).not.toContain('beside');
    expect(await keys()).not.toContain('behind');
  });

  test('what cannot be stored is refused when it is sent', async () => {
    const refused = database.write(async (tx) => {
      addRow.send(tx, row('beside'));
      expect(() => addRow.send(tx, row('with a \0 in it'))).toThrow(UnstorableText);
      throw new Error('refused');
    });
    await expect(refused).rejects.toThrow('refused');
    expect(await keys()).not.toContain('beside');
  });

  test('migrating again changes nothing', async () => {
    expect(await migrate(database, migrations)).toEqual([]);
    expect(await pendingMigrations(database, migrations)).toEqual([]);
  });

  test('two nodes that migrate one empty database at once both succeed', async () => {
    const created = await kind.create();
    const nodes = await Promise.all([1, 2].map(() => openDatabase({ url: created.url, poolSize: 2, prepare: true })));
    await Promise.all(nodes.map((node) => migrate(node, migrations)));
    for (const node of nodes) {
      expect(await pendingMigrations(node, migrations)).toEqual([]);
      await node.close();
    }
    created.forget();
  });

  test('a limit may differ from one execution to the next', async () => {
    for (const key of ['limit-1', 'limit-2', 'limit-3']) await insert(key);
    const some = async (most: number) => (await firstKeys.all(database.read, { after: 'limit-', most })).length;
    expect([await some(2), await some(1), await some(3)]).toEqual([2, 1, 3]);
    const built = database.read.query.selectFrom('rate_limits').select('key').where('key', '>', 'limit-').limit(2);
    expect(await built.execute()).toHaveLength(2);
    // A bare placeholder would have SQLite plan the statement anew each time.
    const texts = [built.compile().sql, ...listStatements(database.dialect)].filter((text) => text.includes(' limit '));
    expect(texts.length).toBeGreaterThan(1);
    for (const text of texts) expect(text).toMatch(database.dialect === 'sqlite' ? / limit \+\?/ : / limit \$\d+/);
  });

  test.each([0, 1, 3, 5_000])('a list of %d goes in and comes out as one parameter', async (count) => {
    const rows = Array.from({ length: count }, (_, i) => ({
      key: `list-${count}-${i}-"it's" \\ {ü} 🜂 \u2028`,
      window_ends_at: Number.MAX_SAFE_INTEGER - 10_000 * count - i,
      uses: -1 - i,
    }));
    await database.write((tx) => addRows.run(tx, { rows: listOf(rows) }));
    // What is there stays.
    await database.write((tx) => addRows.run(tx, { rows: listOf(rows.map((one) => ({ ...one, uses: 7 }))) }));
    const keysOf = rows.map(({ key }) => key);
    expect(await amongKeys.all(database.read, { keys: listOf([...keysOf, 'nowhere']) })).toEqual(rows.toReversed());
    const ends = listOf(rows.map((one) => one.window_ends_at));
    expect(await amongEnds.all(database.read, { ends })).toHaveLength(count);
  });

  test('a list with a text that cannot be stored is refused before it is sent', () => {
    expect(() => listOf(['fine', 'n\0t'])).toThrow(UnstorableText);
  });

  // R-061
  test('a database that a newer version has only added to is served', async () => {
    const newer = [...migrations, { name: '9999-tomorrow', up: async () => undefined }];
    const created = await kind.create();
    const node = await openDatabase({ url: created.url, poolSize: 2, prepare: true });
    await migrate(node, newer);
    expect(await migrate(node, migrations)).toEqual([]);
    await node.close();
    created.forget();
  });

  // R-063
  test('a database that a newer version has taken something away from is refused by name', async () => {
    const newer = [...migrations, { name: '9999-contract-tomorrow', up: async () => undefined }];
    const created = await kind.create();
    const node = await openDatabase({ url: created.url, poolSize: 2, prepare: true });
    await migrate(node, newer);
    await expect(migrate(node, migrations)).rejects.toThrow(NewerDatabase);
    await expect(pendingMigrations(node, migrations)).rejects.toThrow('9999-contract-tomorrow');
    await node.close();
    created.forget();
  });

  test('of transactions asked for at once each stands or falls alone', async () => {
    const outcomes = await Promise.allSettled(
      ['a', 'b', 'c'].map((key) =>
        database.write(async (tx) => {
          await tx.query
            .insertInto('rate_limits')
            .values(row(`alone-${key}`))
            .execute();
          if (key === 'b') throw new Error('only this one');
        }),
      ),
    );
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect((await keys()).filter((key) => key.startsWith('alone')).sort()).toEqual(['alone-a', 'alone-c']);
  });

  test('nobody reads what is not committed', async () => {
    let during: string[] = [];
    await database.write(async (tx) => {
      await tx.query.insertInto('rate_limits').values(row('hidden')).execute();
      during = await keys();
    });
    expect(during).not.toContain('hidden');
    expect(await keys()).toContain('hidden');
  });

  test('what waits for the commit happens after it, and not after a rollback', async () => {
    const seen: string[] = [];
    await database.write(async (tx) => tx.afterCommit(() => seen.push('after')));
    const failed = database.write(async (tx) => {
      tx.afterCommit(() => seen.push('never'));
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    expect(seen).toEqual(['after']);
  });

  test('a second row with the same key is known for what it is', async () => {
    await insert('twice');
    const error = await insert('twice').catch((thrown: unknown) => thrown);
    expect(isUniqueViolation(error)).toBe(true);
    expect(isUniqueViolation(new Error('x'))).toBe(false);
  });

  // R-012
  if (kind.name === 'Postgres') {
    test('a connection that is lost within a transaction loses that transaction, and nothing else', async () => {
      const lost = database.write(async (tx) => {
        const own = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx.query);
        const end = sql<{ ended: boolean }>`select pg_terminate_backend(${own.rows[0]?.pid}, 5000) as ended`;
        expect((await end.execute(database.read.query)).rows).toEqual([{ ended: true }]);
        await tx.query.insertInto('rate_limits').values(row('lost')).execute();
      });
      await expect(lost).rejects.toThrow(DatabaseUnavailable);
      await insert('after');
      expect(await keys()).toContain('after');
      expect(await keys()).not.toContain('lost');
    });

    // R-014
    test.each(['40001', '40P01'])(
      'a transaction that Postgres refuses with %s runs again, three times at the most',
      async (code) => {
        const refuse = sql`do ${sql.raw(`$$ begin raise exception sqlstate '${code}'; end $$`)}`;
        const attempts = { twice: 0, always: 0 };
        await database.write(async (tx) => {
          attempts.twice++;
          const key = `again-${code}`;
          await tx.query.insertInto('rate_limits').values(row(key)).execute();
          if (attempts.twice < 3) await refuse.execute(tx.query);
        });
        const always = database.write(async ({ query }) => {
          attempts.always++;
          await refuse.execute(query);
        });
        await expect(always).rejects.toThrow(DatabaseUnavailable);
        expect(attempts).toEqual({ twice: 3, always: 4 });
        expect((await keys()).filter((key) => key === `again-${code}`)).toHaveLength(1);
      },
    );

    // R-012, R-013
    test('a statement is waited for as long as somebody waits, unless nobody does', async () => {
      const sleep = (manner: { isPatient: boolean }) =>
        database.write(async ({ query }) => (await sql`select pg_sleep(4)`.execute(query)).rows.length, manner);
      const [hurried, patient] = await Promise.allSettled([sleep({ isPatient: false }), sleep({ isPatient: true })]);
      expect(hurried).toMatchObject({ status: 'rejected', reason: expect.any(DatabaseUnavailable) });
      expect(patient).toMatchObject({ status: 'fulfilled', value: 1 });
    });
  }

  test('numbers of time come back as numbers', async () => {
    const key = 'time';
    await database.write((tx) =>
      tx.query
        .insertInto('rate_limits')
        .values({ ...row(key), window_ends_at: 1_800_000_000_000 })
        .execute(),
    );
    const found = await database.read.query
      .selectFrom('rate_limits')
      .selectAll()
      .where('key', '=', key)
      .executeTakeFirstOrThrow();
    expect(found.window_ends_at).toBe(1_800_000_000_000);
  });
});

test('a database that is not there is unavailable, not a defect', async () => {
  await expect(openDatabase({ url: '/nowhere/at/all/x.sqlite', poolSize: 1, prepare: true })).rejects.toThrow(
    DatabaseUnavailable,
  );
  const lost = await openDatabase({ url: 'postgres://127.0.0.1:1/x', poolSize: 1, prepare: true });
  await expect(lost.write(async (tx) => tx.query.selectFrom('clients').selectAll().execute())).rejects.toThrow(
    DatabaseUnavailable,
  );
  await lost.close();
});
