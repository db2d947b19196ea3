import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { databaseKinds } from '../../../test/kit/databases.ts';
import { startTestServer, type TestServer } from '../../../test/kit/test-server.ts';
import { listStatements } from '../../platform/database/index.ts';
import { listEventsOfUser } from './index.ts';

const request = { requestId: '', ip: '', userAgent: '' };

describe.each(databaseKinds())('the events of one user, on $name', (kind) => {
  let server: TestServer;
  let forget: () => void;
  beforeAll(async () => {
    const database = await kind.create();
    forget = database.forget;
    server = await startTestServer({ database: database.url });
  });
  afterAll(async () => {
    await server?.close();
    forget?.();
  });

  const happen = (count: number, of: { userId: string; clientId?: string }) => {
    const { announce, database } = server.house.ground;
    return database.write(async (tx) => {
      for (let at = 0; at < count; at++)
        await announce(tx, { name: 'login_success', clientId: 'default', metadata: { at }, request, ...of });
    });
  };
  const list = (userId: string, most = 10_000) =>
    listEventsOfUser(server.house.ground.database.read, { clientId: 'default', userId, most });

  test('are all there, newest first, over several pages and before they have their place', async () => {
    await happen(1_100, { userId: 'anna' });
    await happen(3, { userId: 'bert' });
    await server.house.sealer.seal();
    await happen(2, { userId: 'anna' });
    await happen(1, { userId: 'anna', clientId: 'elsewhere' });
    const events = await list('anna');
    expect(events).toHaveLength(1_102);
    const ids = events.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)].sort().reverse());
    expect(new Set(events.map(({ user_id, client_id }) => `${user_id} ${client_id}`))).toEqual(
      new Set(['anna default']),
    );
    expect((await list('anna', 600)).map(({ id }) => id)).toEqual(ids.slice(0, 600));
    expect(await list('bert')).toHaveLength(3);
    expect(await list('nobody')).toEqual([]);
  });

  test('are as complete in the moment in which they get their place', async () => {
    await happen(400, { userId: 'carla' });
    const [, ...lists] = await Promise.all([
      server.house.sealer.seal(),
      ...Array.from({ length: 8 }, () => list('carla')),
    ]);
    expect(lists.map(({ length }) => length)).toEqual(Array.from({ length: 8 }, () => 400));
  });

  test('no longer hold what was purged', async () => {
    await happen(4, { userId: 'dora' });
    await server.house.sealer.seal();
    server.clock.advance(server.house.ground.config.audit.retentionDays * 86_400_000 + 1);
    await happen(1, { userId: 'dora' });
    await server.askAsOwner('/api/admin/audit-events/retention/purge', { body: { dry_run: false } });
    expect(await list('dora')).toHaveLength(1);
  });
});

test('are found by the index of the log, not by reading all of it', async () => {
  const server = await startTestServer();
  const { query } = server.house.ground.database.read;
  const statements = listStatements('sqlite').filter(
    (text) => /^select .*"user_id" = \?/.test(text) && /"audit_/.test(text),
  );
  expect(statements).toHaveLength(2);
  for (const text of statements) {
    const parts = text.split('?');
    const plain = parts.map((part, at) => sql`${sql.raw(part)}${at < parts.length - 1 ? sql`1` : sql``}`);
    const { rows } = await sql<{ detail: string }>`explain query plan ${sql.join(plain, sql``)}`.execute(query);
    const scanned = rows.map(({ detail }) => detail).filter((detail) => detail.startsWith('SCAN'));
    // What waits for its place is short: it is the only table that is read as a whole.
    expect(scanned.filter((detail) => !detail.includes('audit_unsealed'))).toEqual([]);
  }
  await server.close();
});
