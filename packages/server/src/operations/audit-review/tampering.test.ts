import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { databaseKinds } from '../../../test/kit/databases.ts';
import { startTestServer, type TestServer } from '../../../test/kit/test-server.ts';
import { verifyDatabase } from '../transparency-log/index.ts';

const EVENTS = '/api/admin/audit-events';
const DAY = 86_400_000;

//
describe.each(databaseKinds())('whoever may write to the tables of the audit log on $name', (kind) => {
  let server: TestServer;
  let forget: () => void;

  beforeAll(async () => {
    const database = await kind.create();
    forget = database.forget;
    server = await startTestServer({ database: database.url, settings: { 'audit.retentionDays': '30' } });
    for (const name of ['ada', 'bob', 'cy']) await server.signIn(`${name}@example.com`);
  });
  afterAll(async () => {
    await server.close();
    forget();
  });

  const get = async (path: string) => (await server.askAsOwner(path)).body;
  const table = (name: 'audit_events') => {
    const { database } = server.house.ground;
    const change = (values: Record<string, unknown>, id: string) =>
      database.write((tx) => tx.query.updateTable(name).set(values).where('id', '=', id).execute());
    return { change };
  };
  const newest = async () => (await get(`${EVENTS}?event_type=login_success&limit=1`)).items[0];

  test('cannot have the server sign away an event by ending its retention', async () => {
    const event = await newest();
    const until = Date.parse(event.retention_until);
    await table('audit_events').change({ retention_until: server.clock.now() - DAY }, event.id);
    const answer = await server.askAsOwner(`${EVENTS}/retention/purge`, { body: { dry_run: false } });
    expect([answer.status, answer.body.error]).toEqual([409, 'audit_event_changed']);
    expect((await server.askAsOwner(`${EVENTS}/${event.id}`)).status).toBe(200);
    await table('audit_events').change({ retention_until: until }, event.id);
    expect((await get(`${EVENTS}/chain/verify`)).ok).toBe(true);
  });

  test('cannot rewrite the newest events, every hash with them, by forgetting the checkpoints over them', async () => {
    const before = (await get(`${EVENTS}/chain/checkpoint`)).tree_size;
    await server.signIn('dora@example.com');
    await server.house.sealer.seal();
    const { database } = server.house.ground;
    const cut = () =>
      database.write((tx) =>
        tx.query.deleteFrom('audit_checkpoints').where('tree_size', '>', before).returningAll().execute(),
      );
    const rows = await cut();
    const verdict = await verifyDatabase(database.read);
    await database.write((tx) => tx.query.insertInto('audit_checkpoints').values(rows).execute());
    expect(verdict).toMatchObject({
      ok: false,
      broken: { seq: before, problem: expect.stringContaining('no checkpoint') },
    });
    expect((await verifyDatabase(database.read)).ok).toBe(true);
  });

  test.each([{ client_id: 'another' }, { user_id: null }])(
    'cannot hide an event from searches by changing its place to %j',
    async (change) => {
      const event = await newest();
      const { database } = server.house.ground;
      const put = (values: { client_id?: string; user_id?: string | null }) =>
        database.write((tx) => tx.query.updateTable('audit_leaves').set(values).where('seq', '=', event.seq).execute());
      await put(change);
      const verdict = await verifyDatabase(database.read);
      await put({ client_id: event.client_id, user_id: event.user_id });
      expect(verdict).toMatchObject({ ok: false, broken: { seq: event.seq } });
      expect((await verifyDatabase(database.read)).ok).toBe(true);
    },
  );

  test('cannot keep an event out of the log by taking it off the list of those that wait for their place', async () => {
    const { database, announce } = server.house.ground;
    const request = { requestId: 'unplaced', ip: '127.0.0.1', userAgent: '' };
    await server.house.sealer.seal();
    await database.write(async (tx) => {
      await announce(tx, { name: 'login_failed', clientId: 'default', request });
      await tx.query.deleteFrom('audit_unsealed').execute();
    });
    const verdict = await verifyDatabase(database.read);
    await database.write((tx) => tx.query.deleteFrom('audit_events').where('request_id', '=', 'unplaced').execute());
    expect(verdict).toMatchObject({ ok: false, broken: { seq: null, problem: expect.stringContaining('no place') } });
    expect((await verifyDatabase(database.read)).ok).toBe(true);
  });

  test('cannot have the server sign a tree that it did not make', async () => {
    const { database, announce } = server.house.ground;
    await server.house.sealer.seal();
    const [last] = await database.read.query
      .selectFrom('audit_leaves')
      .selectAll()
      .orderBy('seq', 'desc')
      .limit(1)
      .execute();
    const { seq = 0, leaf_hash = '' } = last ?? {};
    const put = (hash: string) =>
      database.write((tx) =>
        tx.query.updateTable('audit_leaves').set({ leaf_hash: hash }).where('seq', '=', seq).execute(),
      );
    await put('A'.repeat(43));
    const request = { requestId: 'after', ip: '127.0.0.1', userAgent: '' };
    await database.write((tx) => announce(tx, { name: 'login_failed', clientId: 'default', request }));
    await expect(server.house.sealer.seal()).rejects.toThrow('not the one that was signed');
    expect((await server.askAsOwner(`${EVENTS}?limit=1`)).status).toBe(200);
    expect((await get(`${EVENTS}/chain/verify`)).ok).toBe(false);
    await put(leaf_hash);
    await server.house.sealer.seal();
    expect((await get(`${EVENTS}/chain/verify`)).ok).toBe(true);
  });
});
