import type { EventName } from '@gatehouse/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { databaseKinds } from '../../../test/kit/databases.ts';
import { createFakeClock } from '../../../test/kit/fake-clock.ts';
import { startTestServer, type TestServer } from '../../../test/kit/test-server.ts';
import { type Receiver, startReceiver } from '../../../test/kit/webhook-receiver.ts';
import { listStreams } from './index.ts';

describe.each(databaseKinds())('log streams of two nodes on one $name', (kind) => {
  let nodes: [TestServer, TestServer];
  let forget: () => void;
  let splunk: Receiver;
  let elastic: Receiver;
  const clock = createFakeClock();

  beforeAll(async () => {
    const taken = JSON.stringify({ text: 'Success', code: 0, errors: false, items: [] });
    splunk = await startReceiver((_arrival, response) => response.writeHead(200).end(taken));
    elastic = await startReceiver((_arrival, response) => response.writeHead(200).end(taken));
    const database = await kind.create();
    forget = database.forget;
    const settings = {
      'server.issuer': 'http://localhost:7777',
      'logStreams.names': 'splunk,elastic',
      'splunk.url': new URL(splunk.url).origin,
      'splunk.token': '8f2f1ab0-76c3-4d9e-b5aa-0c9d5a1e77b0',
      'elastic.url': new URL(elastic.url).origin,
      'elastic.apiKey': 'VnVhQ2ZHY0JDZGJrUW0tZTVhT3g6dWkybHAyYXhUTm1zeWFrdzl0dk5udw==',
    };
    const first = await startTestServer({ database: database.url, settings, clock });
    nodes = [first, await startTestServer({ database: database.url, settings, clock })];
    await happen('before_the_streams');
    await first.house.sealer.seal();
    await drainAll();
  });
  afterAll(async () => {
    for (const node of nodes ?? []) await node.close();
    await splunk.close();
    await elastic.close();
    forget?.();
  });

  const happen = (name: string) => {
    const { database, announce } = nodes[0].house.ground;
    const request = { requestId: '', ip: '', userAgent: '' };
    return database.write((tx) => announce(tx, { name: name as EventName, clientId: 'default', request }));
  };
  const drainAll = () => Promise.all(nodes.map((node) => node.house.eventsOut.logStreams.drain()));
  const taken = () =>
    splunk.arrivals.flatMap((one) => one.text.split('\n').map((line) => JSON.parse(line).event.type as string));
  const stored = () =>
    elastic.arrivals.flatMap((one) =>
      one.text
        .trimEnd()
        .split('\n')
        .flatMap((line) => (JSON.parse(line).type as string) ?? []),
    );

  test('each event arrives once, in order, whichever node carries it; what was before does not', async () => {
    for (let i = 0; i < 450; i++) await happen(`thing_${i}`);
    await nodes[1].house.sealer.seal();
    await Promise.all([drainAll(), drainAll()]);
    expect(taken()).toEqual(Array.from({ length: 450 }, (_, i) => `thing_${i}`));
    expect(splunk.arrivals.length).toBe(3);
    expect(stored()).toEqual(taken());
  });

  test('a sink that fails holds up no other, is left alone for a while, and goes on from its place', async () => {
    splunk.arrivals.length = 0;
    elastic.arrivals.length = 0;
    splunk.answerWith(503);
    for (let i = 0; i < 3; i++) {
      await happen(`outage_${i}`);
      await nodes[0].house.sealer.seal();
      await drainAll();
    }
    expect(stored()).toEqual(['outage_0', 'outage_1', 'outage_2']);
    expect(splunk.arrivals).toHaveLength(1);
    const [, broken] = await listStreams(nodes[0].house.ground.database.read);
    expect(broken).toMatchObject({ id: 'splunk', failures: 1, last_error: 'answered 503' });
    for (let i = 0; i < 4; i++) {
      clock.advance(61_000);
      await drainAll();
    }
    expect((await listStreams(nodes[0].house.ground.database.read))[1]?.failures).toBeGreaterThan(2);
    splunk.arrivals.length = 0;
    splunk.answerWith((_arrival, response) => response.writeHead(200).end('{"text":"Success","code":0}'));
    clock.advance(300_001);
    await drainAll();
    expect(taken()).toEqual(['outage_0', 'outage_1', 'outage_2']);
    expect((await listStreams(nodes[0].house.ground.database.read))[1]).toMatchObject({
      failures: 0,
      last_error: null,
    });
  });

  test.each([
    ['a code that is no success', '{"text":"Server is busy","code":9}', 'answered with code 9'],
    ['something that is not JSON', '<html>', 'answered something that is not JSON'],
  ])('an answer with %s is no success', async (_what, body, error) => {
    splunk.answerWith((_arrival, response) => response.writeHead(200).end(body));
    await happen('unheard');
    await nodes[0].house.sealer.seal();
    await drainAll();
    const find = async () => (await listStreams(nodes[0].house.ground.database.read))[1];
    expect(await find()).toMatchObject({ failures: 1, last_error: error });
    splunk.answerWith((_arrival, response) => response.writeHead(200).end('{"text":"Success","code":0}'));
    clock.advance(300_001);
    await drainAll();
    expect(await find()).toMatchObject({ failures: 0 });
  });

  test('an event that Elasticsearch has already is taken, one that it refuses is not', async () => {
    const answerWith = (status: number) =>
      elastic.answerWith((_arrival, response) =>
        response.writeHead(200).end(JSON.stringify({ errors: true, items: [{ create: { status } }] })),
      );
    const find = async () => (await listStreams(nodes[0].house.ground.database.read))[0];
    answerWith(409);
    await happen('known');
    await nodes[0].house.sealer.seal();
    await drainAll();
    expect(await find()).toMatchObject({ failures: 0 });
    answerWith(429);
    await happen('too_much');
    await nodes[0].house.sealer.seal();
    await drainAll();
    expect(await find()).toMatchObject({ id: 'elastic', failures: 1, last_error: 'refused an event with 429' });
  });
});
