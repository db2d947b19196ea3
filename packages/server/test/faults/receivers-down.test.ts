import { expect, onTestFinished, test } from 'vitest';
import { howOften, recordProof } from '../kit/proof.ts';
import { until } from '../kit/until.ts';
import { startReceiver } from '../kit/webhook-receiver.ts';
import { asAdmin, CLIENT, send, Unanswered } from './ledger/act.ts';
import { chooseSeed, createDraw } from './ledger/draw.ts';
import { createLoad } from './ledger/load.ts';
import { openSite } from './ledger/site.ts';

const FAILED = 500;
const LONGEST_ANSWER_MS = 1_000;
const LONGEST_MS = 3_000;

/** Receivers that are a trouble, each in its own way. */
async function startTroublesome() {
  const silent = await startReceiver(() => undefined);
  const broken = await startReceiver(500);
  let arrivals = 0;
  const flapping = await startReceiver((_, response) => {
    arrivals++;
    response.writeHead(arrivals % 2 === 0 ? 204 : 503).end();
  });
  const gone = await startReceiver();
  await gone.close();
  onTestFinished(() => Promise.all([silent, broken, flapping].map((one) => one.close())).then(() => undefined));
  return [silent, broken, flapping, gone];
}

const percentile = (values: number[], share: number) =>
  Math.round(values.sort((a, b) => a - b)[Math.floor(values.length * share)] ?? 0);

// R-032; I1 to I9
// long: before, during and after, in order
test('receivers that are silent, broken, flapping or gone delay neither people nor the receiver that is well', async () => {
  const times = howOften({ ci: 500, prove: 20_000 });
  const seed = chooseSeed();
  const site = await openSite({ database: null });
  onTestFinished(() => site.close());
  const server = await site.start();
  const load = createLoad({ ...site, draw: createDraw(seed), people: 4 });
  const violations: string[] = [];
  const measure = async () => {
    const took: number[] = [];
    const working = load.start(async (request) => {
      const askedAt = performance.now();
      try {
        const reply = await send(server.url, request);
        if (reply.status >= FAILED) violations.push(`R-032 ${request.path} was answered ${reply.status}`);
        return reply;
      } catch (error) {
        // The load takes it for a server that is gone; nobody harms this one.
        if (error instanceof Unanswered) violations.push(`R-032 ${error.message} was not answered: ${error.cause}`);
        throw error;
      } finally {
        took.push(performance.now() - askedAt);
      }
    });
    const enough = site.ledger.answers() + times;
    await until(() => site.ledger.answers() >= enough, working.done);
    await working.stop();
    return took;
  };
  const before = await measure();
  for (const { url } of await startTroublesome()) {
    const body = { url, events: [] };
    expect((await send(server.url, { path: `${CLIENT}/webhooks`, body, headers: asAdmin })).status).toBe(201);
  }
  const since = Date.now();
  const during = await measure();
  // The receiver lives in this process: while the ledger is read it hears nothing.
  const toHear = await site.toHear();
  const deadline = Date.now() + LONGEST_MS;
  await until(() => site.receiver.arrivals.length >= toHear || Date.now() > deadline);
  const missing = toHear - site.receiver.arrivals.length;
  if (missing > 0) violations.push(`R-032 the receiver that is well still had to hear of ${missing} events`);
  const slowest = site.receiver.arrivals
    .filter(({ at }) => at > since)
    .map(({ at, text }) => at - Date.parse((JSON.parse(text) as { created_at: string }).created_at))
    .reduce((one, other) => Math.max(one, other), 0);
  const usual = percentile(during, 0.99);
  if (usual > LONGEST_ANSWER_MS) violations.push(`R-032 one of a hundred people waited ${usual} ms or more`);
  if (slowest >= LONGEST_MS) violations.push(`R-032 the receiver that is well waited ${slowest} ms for an event`);
  violations.push(...(await site.checkAll(server, load.memory)));
  const figures = {
    'answers with all receivers well, 99 of 100 within (ms)': percentile(before, 0.99),
    'answers with four that are not, 99 of 100 within (ms)': usual,
    'slowest delivery to the one that is well (ms)': slowest,
  };
  recordProof({
    id: 'receivers-down',
    chapter: 'Faults',
    act: 'Beside a receiver of webhooks that is well there are one that never answers, one that answers 500, one that flaps and one that is gone',
    rows: ['R-032', 'I9'],
    times: during.length,
    of: 'requests',
    violations,
    figures,
  });
  expect(violations, `GATEHOUSE_SEED=${seed}`).toEqual([]);
});
