import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { databaseKinds } from '../../../test/kit/databases.ts';
import { startTestServer, type TestServer } from '../../../test/kit/test-server.ts';
import {
  leafHash,
  readVerifierKey,
  type VerifierKey,
  verifyCheckpoint,
  verifyConsistency,
  verifyInclusion,
} from '../../platform/merkle-log/index.ts';
import { countUnsealed } from '../audit-log/index.ts';
import { canonicalEvent } from './canonical-event.ts';
import {
  findCheckpoint,
  findLeaf,
  findNewestCheckpoint,
  listAuditKeys,
  proveConsistency,
  proveInclusion,
  treeSize,
  verifyDatabase,
} from './index.ts';

describe.each(databaseKinds())('sealing on $name', (kind) => {
  let server: TestServer;
  let keys: VerifierKey[];
  let forget: () => void;

  beforeAll(async () => {
    const database = await kind.create();
    forget = database.forget;
    server = await startTestServer({ database: database.url });
    keys = (await listAuditKeys(server.house.ground.database.read)).map((text) => readVerifierKey(text) as VerifierKey);
  });
  afterAll(async () => {
    await server.close();
    forget();
  });

  const read = () => server.house.ground.database.read;

  async function sealAfter(email: string) {
    await server.signIn(email);
    await server.house.sealer.seal();
    const row = await findNewestCheckpoint(read());
    return verifyCheckpoint(row?.note ?? '', keys);
  }

  test('every event gets its place, and is proven to stand there', async () => {
    const checkpoint = await sealAfter('one@example.com');
    const events = await read().query.selectFrom('audit_events').selectAll().execute();
    expect(checkpoint?.size).toBe(events.length);
    for (const event of events) {
      const place = await findLeaf(read(), event.id);
      const claim = { index: place?.seq ?? -1, size: checkpoint?.size ?? 0 };
      const proof = await proveInclusion(read(), claim);
      const leaf = leafHash(canonicalEvent(event));
      expect(verifyInclusion({ ...claim, leaf, proof, root: checkpoint?.root ?? Buffer.alloc(0) })).toBe(true);
    }
  });

  test('each checkpoint is proven to continue the one before', async () => {
    const before = await sealAfter('two@example.com');
    const after = await sealAfter('three@example.com');
    if (!before || !after) throw new Error('nothing was signed');
    const sizes = { oldSize: before.size, newSize: after.size };
    const proof = await proveConsistency(read(), sizes);
    expect(verifyConsistency({ ...sizes, oldRoot: before.root, newRoot: after.root, proof })).toBe(true);
    expect(await findCheckpoint(read(), before.size)).not.toBeNull();
  });

  test('sealing again with nothing new changes nothing', async () => {
    const before = await findNewestCheckpoint(read());
    await Promise.all([server.house.sealer.seal(), server.house.sealer.seal()]);
    expect(await findNewestCheckpoint(read())).toEqual(before);
  });

  test('more events than one sealing takes have their place when it is done', async () => {
    const before = await treeSize(read());
    const { database, announce } = server.house.ground;
    const request = { requestId: 'many', ip: '203.0.113.7', userAgent: 'test' };
    await database.write(async (tx) => {
      for (let at = 0; at < 1_100; at++)
        await announce(tx, { name: 'login_success', clientId: 'default', userId: `user-${at}`, request });
    });
    await server.house.sealer.seal();
    expect(await countUnsealed(read())).toBe(0);
    expect(await treeSize(read())).toBe(before + 1_100);
    expect(await verifyDatabase(read())).toMatchObject({ ok: true });
  });
});
