import { connect } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { howOften, recordProof } from '../kit/proof.ts';
import { startTestServer, type TestServer } from '../kit/test-server.ts';

const SEED = Number(process.env.GATEHOUSE_FUZZ_SEED ?? 20_260_101);
const RUNS = howOften({ ci: 1000, prove: 20_000 });
const PARALLEL = 8;
const SLOWEST_MS = 2000;

let server: TestServer;
let port: number;
beforeAll(async () => {
  server = await startTestServer();
  port = await server.house.http.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(() => server.close());

const sound = [
  'GET /jwks HTTP/1.1\r\nHost: localhost\r\n\r\n',
  'POST /email/start HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 21\r\n\r\n{"email":"a@b.c.de"}\n',
  'POST /session/refresh HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n',
  'GET /me HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer a.b.c\r\nCookie: a=b; auth_refresh=x\r\n\r\n',
];
const shards = [
  '\r\n',
  '\n',
  '\0',
  ' ',
  ':',
  '\x7f',
  '\xff',
  '\r\n\r\n',
  'Content-Length: 5\r\n',
  'Content-Length: -1\r\n',
  'Transfer-Encoding: chunked\r\n',
  'Transfer-Encoding: identity, chunked\r\n',
  'Upgrade: h2c\r\nConnection: upgrade\r\n',
  'Expect: 100-continue\r\n',
  'Host: elsewhere\r\n',
  'HTTP/2.0',
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  `X: ${'x'.repeat(20_000)}\r\n`,
  'ffffffffffffffff\r\n',
  ' folded\r\n',
];

type Cut = { at: number; drop: number; shard: string };

const broken = fc
  .tuple(
    fc.constantFrom(...sound),
    fc.array(fc.record({ at: fc.nat(200), drop: fc.nat(8), shard: fc.constantFrom('', ...shards) }), {
      minLength: 1,
      maxLength: 3,
    }),
  )
  .map(([text, cuts]: [string, Cut[]]) =>
    cuts.reduce((now, { at, drop, shard }) => {
      const place = at % now.length || 0;
      return now.slice(0, place) + shard + now.slice(place + drop);
    }, text),
  );

/** Sends bytes, says that no more will come, and reads to the end. */
function exchange(bytes: string): Promise<{ answer: string; tookMs: number }> {
  const startedAt = performance.now();
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.end(Buffer.from(bytes, 'latin1')));
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
    });
    // A server may close the door on garbage without a word.
    socket.on('error', () => undefined);
    socket.on('close', () => resolve({ answer, tookMs: performance.now() - startedAt }));
  });
}

function judge({ answer, tookMs }: { answer: string; tookMs: number }): string | null {
  if (tookMs > SLOWEST_MS) return `takes ${Math.round(tookMs)} ms`;
  const status = /HTTP\/1\.1 (5\d\d)/.exec(answer)?.[1];
  return status === undefined ? null : `answers ${status}`;
}

//
test('bytes that are almost HTTP are answered or cut off at once, and the next request finds the server well', async () => {
  const requests = fc.sample(broken, { seed: SEED, numRuns: RUNS });
  const problems: string[] = [];
  for (let at = 0; at < requests.length; at += PARALLEL) {
    const told = requests.slice(at, at + PARALLEL).map(async (bytes, index) => {
      const problem = judge(await exchange(bytes));
      if (problem !== null) problems.push(`#${at + index} ${problem}: ${JSON.stringify(bytes.slice(0, 600))}`);
    });
    await Promise.all(told);
  }
  recordProof({
    id: 'fuzz-framing',
    chapter: 'Garbage',
    act: 'Requests are cut, spliced and sent as bytes that are almost HTTP',
    rows: ['A-105', 'A-107'],
    times: requests.length,
    of: 'connections',
    violations: problems,
    figures: { seed: SEED },
  });
  expect(problems.slice(0, 20).join('\n'), `seed ${SEED}`).toBe('');
  expect((await exchange(sound[0] as string)).answer).toContain('HTTP/1.1 200');
});
