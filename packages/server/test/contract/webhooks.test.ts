import type { EventName } from '@gatehouse/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClient } from '../../src/tenancy/clients/index.ts';
import { databaseKinds } from '../kit/databases.ts';
import { createFakeClock } from '../kit/fake-clock.ts';
import { startTestServer, type TestServer } from '../kit/test-server.ts';
import { type Receiver, startReceiver } from '../kit/webhook-receiver.ts';

const EVENTS = 40;
const pathOf = (client: string) => `/api/admin/clients/${client}/webhooks`;

describe.each(databaseKinds())('webhooks of two nodes on one $name', (kind) => {
  let nodes: [TestServer, TestServer];
  let forget: () => void;
  const receivers: Receiver[] = [];
  const clock = createFakeClock();

  beforeAll(async () => {
    const database = await kind.create();
    forget = database.forget;
    const settings = {
      'server.issuer': 'http://localhost:7777',
      'webhooks.allowedNetworks': '127.0.0.1',
      'webhooks.allowedPorts': 'any',
    };
    const first = await startTestServer({ database: database.url, settings, clock });
    nodes = [first, await startTestServer({ database: database.url, settings, clock })];
    const { newId } = first.house.ground;
    for (const id of ['tortoise', 'hare'])
      await first.house.ground.database.write((tx) => createClient({ clock, newId, tx }, { id, slug: id, name: id }));
  });
  afterAll(async () => {
    for (const receiver of receivers) await receiver.close();
    for (const node of nodes ?? []) await node.close();
    forget?.();
  });

  const open = async (answering?: Parameters<typeof startReceiver>[0]) => {
    const receiver = await startReceiver(answering);
    receivers.push(receiver);
    return receiver;
  };
  const add = async (client: string, receiver: Receiver, events: string[]) =>
    (await nodes[0].askAsOwner(pathOf(client), { body: { url: receiver.url, events } })).body;
  const happen = (name: string, clientId: string) => {
    const { database, announce } = nodes[0].house.ground;
    const request = { requestId: '', ip: '', userAgent: '' };
    return database.write((tx) => announce(tx, { name: name as EventName, clientId, request }));
  };
  const sealAndDrain = async (node: TestServer) => {
    await node.house.sealer.seal();
    await node.house.eventsOut.webhooks.drain();
  };

  test('no event is sent twice, and none is left out', async () => {
    const receiver = await open();
    const { id } = await add('default', receiver, ['thing_*']);
    for (let i = 0; i < EVENTS; i++) await happen(`thing_${i}`, 'default');
    await Promise.all([...nodes, ...nodes].map(sealAndDrain));
    await Promise.all(nodes.map(sealAndDrain));
    const ids = receiver.arrivals.map((one) => JSON.parse(one.text).id);
    expect(ids).toHaveLength(EVENTS);
    expect(new Set(ids).size).toBe(EVENTS);
    const { items } = (await nodes[1].askAsOwner(`${pathOf('default')}/${id}/deliveries?limit=200`)).body;
    expect(items).toHaveLength(EVENTS);
    expect(items.every((one: { attempts: number; status: string }) => one.attempts === 1)).toBe(true);
  });

  test('a receiver gets no more at once than its window, from all nodes together', async () => {
    let under = 0;
    let most = 0;
    const receiver = await open((_arrival, response) => {
      most = Math.max(most, ++under);
      setImmediate(() => {
        under--;
        response.writeHead(204).end();
      });
    });
    await add('default', receiver, ['wave_*']);
    for (let i = 0; i < EVENTS; i++) await happen(`wave_${i}`, 'default');
    await Promise.all(nodes.map(sealAndDrain));
    await Promise.all(nodes.map(sealAndDrain));
    expect(receiver.arrivals).toHaveLength(EVENTS);
    expect(most).toBeLessThanOrEqual(4);
  });

  test('a receiver that never answers delays nobody else', async () => {
    const tortoise = await open(() => undefined);
    const hare = await open();
    await add('tortoise', tortoise, []);
    await add('hare', hare, []);
    for (const node of nodes) node.house.startWork();
    for (let i = 0; i < EVENTS; i++) await happen('race', 'tortoise');
    await tortoise.arrived(4);
    for (let i = 0; i < 5; i++) {
      const before = hare.arrivals.length;
      const from = Date.now();
      await happen('race', 'hare');
      for (const node of nodes) await node.house.sealer.seal();
      const arrivals = await hare.arrived(before + 1);
      expect((arrivals[before]?.at ?? 0) - from).toBeLessThan(1000);
    }
    const from = Date.now();
    expect((await nodes[0].ask('/healthz')).status).toBe(200);
    expect(Date.now() - from).toBeLessThan(1000);
    await tortoise.close();
  });
});
