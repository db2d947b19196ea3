import { request as ask, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { howOften, recordProof } from '../kit/proof.ts';
import { until } from '../kit/until.ts';
import { chooseSeed, createDraw, type Draw } from './ledger/draw.ts';
import { createLoad } from './ledger/load.ts';
import { openSite } from './ledger/site.ts';

const ONE_OF = 20;

/** Passes everything on to the server at `url`, and cuts one of twenty connections when the answer has come. */
async function startLossyProxy(url: string, draw: Draw) {
  let losses = 0;
  const { hostname, port } = new URL(url);
  const proxy = createServer((request, response) => {
    const { method, url: path, headers } = request;
    const passed = ask({ hostname, port, method, path, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        if (draw(ONE_OF) === 0) {
          losses++;
          response.destroy();
        } else response.writeHead(answer.statusCode ?? 0, answer.headers).end(Buffer.concat(chunks));
      });
    });
    request.pipe(passed);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    losses: () => losses,
    close() {
      proxy.closeAllConnections();
      proxy.close();
    },
  };
}

// R-004, T-005
test('people whose answers are lost on the way try again, and nobody is stranded', async () => {
  const times = howOften({ ci: 1_000, prove: 10_000 });
  const seed = chooseSeed();
  const site = await openSite({ database: null });
  onTestFinished(() => site.close());
  const server = await site.start();
  const proxy = await startLossyProxy(server.url, createDraw(seed));
  onTestFinished(() => proxy.close());
  const load = createLoad({ ...site, draw: createDraw(seed + 1), people: 8 });
  const working = load.start(proxy.url);
  await until(() => site.ledger.answers() >= times, working.done);
  await working.stop();
  const violations = await site.checkAll(server, load.memory);
  recordProof({
    id: 'lost-answers',
    chapter: 'Faults',
    act: 'A proxy loses one of twenty answers after the server has done what it was asked; people try again with what they hold',
    rows: ['R-004', 'T-005', 'I1', 'I5', 'I6', 'I7'],
    times: site.ledger.answers() + proxy.losses(),
    of: 'requests',
    violations,
    figures: { 'answers lost': proxy.losses() },
  });
  expect(proxy.losses()).toBeGreaterThan(0);
  expect(violations, `GATEHOUSE_SEED=${seed}`).toEqual([]);
});
