import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../../../test/kit/test-server.ts';
import { readFilter } from './filter.ts';
import { eachEvent, listEvents } from './store.ts';

const PLACES = 100_000;
let server: TestServer;
let first: string;

beforeAll(async () => {
  server = await startTestServer();
  await server.signIn();
  await server.house.sealer.seal();
  const { database } = server.house.ground;
  const { query } = database.read;
  first = (await query.selectFrom('audit_leaves').select('event_id').where('seq', '=', 0).executeTakeFirstOrThrow())
    .event_id;
  await database.write((tx) =>
    sql`with recursive c(n) as (select 1000 union all select n + 1 from c where n < ${PLACES})
      insert into audit_leaves (seq, event_id, leaf_hash, client_id, user_id, purge_id)
      select n, 'gone' || n, 'h', 'default', null, null from c`.execute(tx.query),
  );
});
afterAll(() => server.close());

async function turnsDuring<T>(work: () => Promise<T>): Promise<{ turns: number; result: T }> {
  let turns = 0;
  let isOver = false;
  const turn = () => {
    turns++;
    if (!isOver) setImmediate(turn);
  };
  setImmediate(turn);
  const result = await work();
  isOver = true;
  return { turns, result };
}

// T-085
test('a search that finds its event at the other end of a long log lets others be answered meanwhile', async () => {
  const { read } = server.house.ground.database;
  const page = { before: Number.MAX_SAFE_INTEGER, most: 5 };
  const filter = readFilter({ to: '2100-01-01' }, null);
  const { turns, result } = await turnsDuring(() => listEvents(read, filter, page));
  expect(result.at(-1)?.seq).toBeGreaterThanOrEqual(0);
  expect(turns).toBeGreaterThanOrEqual(4);
});

test('an export goes over every place once, found or not', async () => {
  const { read } = server.house.ground.database;
  const { turns, result } = await turnsDuring(async () => {
    const ids: string[] = [];
    for await (const event of eachEvent(read, readFilter({}, null), { from: 0, to: PLACES + 1, most: 2 }))
      ids.push(event.id);
    return ids;
  });
  expect(result[0]).toBe(first);
  expect(new Set(result).size).toBe(result.length);
  expect(turns).toBeGreaterThanOrEqual(4);
});
