import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { databaseKinds } from '../../../test/kit/databases.ts';
import { startTestServer, type TestServer } from '../../../test/kit/test-server.ts';
import { readVerifierKey, verifyCheckpoint, verifyConsistency } from '../../platform/merkle-log/index.ts';
import { listAuditKeys } from '../transparency-log/index.ts';

interface Told {
  type: string;
  tree_size: number;
  checkpoint: string;
  previous_size: number;
  consistency: string[];
}

describe.each(databaseKinds())('witnesses on $name', (kind) => {
  let receiver: Server;
  let address: string;
  let told: Told[];
  let objects: { path: string; headers: IncomingHttpHeaders; body: string }[];
  let answer: number;
  let folder: string;
  let nodes: [TestServer, TestServer];
  let forget: () => void;

  beforeAll(async () => {
    receiver = createServer(async (request, response) => {
      const pieces: Buffer[] = [];
      for await (const piece of request) pieces.push(piece as Buffer);
      const body = Buffer.concat(pieces).toString();
      const path = request.url ?? '';
      // As a bucket: what was put is read back.
      const object = objects.find((one) => one.path === path);
      if (request.method === 'GET') return response.writeHead(object ? 200 : 404).end(object?.body);
      if (request.method === 'PUT') objects.push({ path, headers: request.headers, body });
      else if (answer === 200) told.push(JSON.parse(body));
      response.writeHead(answer).end();
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    address = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/checkpoints`;
  });
  afterAll(() => receiver.close());

  beforeEach(async () => {
    told = [];
    objects = [];
    answer = 200;
    folder = mkdtempSync(join(tmpdir(), 'gatehouse-witness-'));
    const database = await kind.create();
    forget = database.forget;
    const settings = { 'audit.witnesses': `${folder}, ${address}?token=secret` };
    const first = await startTestServer({ database: database.url, settings });
    nodes = [first, await startTestServer({ database: database.url, settings, clock: first.clock })];
  });
  afterEach(async () => {
    for (const node of nodes) await node.close();
    forget();
    rmSync(folder, { recursive: true, force: true });
  });

  async function grow(email: string): Promise<void> {
    await nodes[0].signIn(email);
    await nodes[0].house.sealer.seal();
  }
  const round = () => Promise.all(nodes.map((node) => node.house.witnessing.round()));
  const files = () => readdirSync(folder).filter((name) => name.endsWith('.checkpoint'));
  const read = () => nodes[0].house.ground.database.read;
  const keys = async () => (await listAuditKeys(read())).flatMap((text) => readVerifierKey(text) ?? []);

  test('a folder and a receiver keep the newest checkpoint, whichever node sends it', async () => {
    await grow('ada@example.com');
    await round();
    const [kept = ''] = files();
    const note = readFileSync(join(folder, kept), 'utf8');
    expect(verifyCheckpoint(note, await keys())?.size).toBe(Number.parseInt(kept, 10));
    expect(told).toMatchObject([{ type: 'audit.checkpoint', checkpoint: note, previous_size: 0, consistency: [] }]);
  });

  test('a later checkpoint comes with the proof that it continues the one before', async () => {
    await grow('ada@example.com');
    await round();
    await grow('bob@example.com');
    await round();
    const [before, after] = told as [Told, Told];
    expect(after.previous_size).toBe(before.tree_size);
    const trusted = await keys();
    const root = (one: Told) => verifyCheckpoint(one.checkpoint, trusted)?.root ?? Buffer.alloc(0);
    const proof = after.consistency.map((hash) => Buffer.from(hash, 'base64url'));
    const sizes = { oldSize: before.tree_size, newSize: after.tree_size };
    expect(verifyConsistency({ ...sizes, oldRoot: root(before), newRoot: root(after), proof })).toBe(true);
  });

  test('a log that has not grown is told to nobody twice', async () => {
    await grow('ada@example.com');
    await round();
    await round();
    expect(told).toHaveLength(1);
    expect(files()).toHaveLength(1);
  });

  test('a witness that fails holds up no other, and is told again after a while', async () => {
    answer = 503;
    await grow('ada@example.com');
    await round();
    expect(files()).toHaveLength(1);
    answer = 200;
    await round();
    expect(told).toHaveLength(0);
    nodes[0].clock.advance(60_000);
    await round();
    expect(told).toHaveLength(1);
  });

  test('a bucket keeps each checkpoint as an object of its own, and writes over none', async () => {
    const database = await kind.create();
    const settings = {
      'audit.witnesses': 's3://example-witness/checkpoints/',
      'aws.region': 'eu-central-1',
      'aws.accessKeyId': 'AKIDEXAMPLE',
      'aws.secretAccessKey': 'a secret of AWS',
      'aws.s3Endpoint': new URL(address).origin,
    };
    const server = await startTestServer({ database: database.url, settings });
    const { sealer, witnessing, ground } = server.house;
    await server.signIn('ada@example.com');
    await sealer.seal();
    await witnessing.round();
    const [object] = objects;
    expect(object?.path).toMatch(/^\/example-witness\/checkpoints\/0{12}\d{3}\.checkpoint$/);
    expect(object?.headers['if-none-match']).toBe('*');
    expect(object?.headers.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-central-1\/s3\//,
    );
    expect(object?.body).toMatch(/^127\.0\.0\.1:\d+\n\d+\n/);
    const forgotten = { tree_size: 0 };
    await ground.database.write((tx) => tx.query.updateTable('audit_witnesses').set(forgotten).execute());
    if (object) object.body = 'the checkpoint of another log';
    await witnessing.round();
    const { items } = (await server.askAsOwner('/api/admin/audit-events/chain/witnesses')).body;
    await server.close();
    database.forget();
    expect(items[0].last_error).toContain('another checkpoint');
    expect(objects).toHaveLength(1);
  });

  test('what follows the question mark of an address is kept nowhere', async () => {
    answer = 500;
    await grow('ada@example.com');
    await round();
    const { items } = (await nodes[0].askAsOwner('/api/admin/audit-events/chain/witnesses')).body;
    expect(JSON.stringify(items)).not.toContain('secret');
    expect(items).toMatchObject([
      { name: folder, last_error: null },
      { name: address, tree_size: 0, sent_at: null, last_error: 'the witness answered 500' },
    ]);
  });

  const witnessed = async () => (await nodes[0].askAsOwner('/api/admin/audit-events/chain/witnesses')).body.items;
  const setSize = (size: number) =>
    nodes[0].house.ground.database.write((tx) =>
      tx.query.updateTable('audit_witnesses').set({ tree_size: size }).where('name', '=', folder).execute(),
    );

  //
  test('what a folder keeps is never written over by another checkpoint of the same size', async () => {
    await grow('ada@example.com');
    await round();
    const [kept = ''] = files();
    writeFileSync(join(folder, kept), 'what was signed before the log was made anew');
    await setSize(0);
    await round();
    expect(readFileSync(join(folder, kept), 'utf8')).toBe('what was signed before the log was made anew');
    expect((await witnessed())[0].last_error).toContain('another checkpoint');
  });

  //
  test('a log that is shorter than what a witness has kept is told, not passed over', async () => {
    await grow('ada@example.com');
    await round();
    await setSize(1_000_000);
    await round();
    expect((await witnessed())[0].last_error).toContain('longer log');
  });
});
