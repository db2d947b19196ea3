import { expect, inject, onTestFinished, test } from 'vitest';
import type { RunningServer } from '../../kit/gatehouse-command.ts';
import { createDatabase } from '../../kit/postgres.ts';
import { howOften, recordProof } from '../../kit/proof.ts';
import { chooseSeed, createDraw } from '../ledger/draw.ts';
import { createLoad } from '../ledger/load.ts';
import { openSite, type Site } from '../ledger/site.ts';
import { beginAskingReady } from './drain.ts';
import { createRoundRobin, type RoundRobin } from './round-robin.ts';

const postgres = inject('postgresUrl');
const LOAD =
  'Eight people work on two nodes of one database behind a balancer that tries again only what no node has read';
const PEOPLE = 8;
const MOST_ANSWERS = 100;
/** A system needs a moment to close the door of a process that is gone: who knocks then has lost a request as well. */
const LONGEST_BURST_MS = 1_000;
const LONGEST_EXIT_MS = 10_000;

/** What happens to one of two nodes; sentences about what went wrong. */
type End = (of: { site: Site; node: RunningServer; front: RoundRobin }) => Promise<string[]>;

/** Ends one of two nodes under load, then starts another in its place, so many times. */
async function endNodes({ times, inOrder }: { times: number; inOrder: boolean }, end: End) {
  const seed = chooseSeed();
  const draw = createDraw(seed);
  const site = await openSite({ database: postgres === null ? null : await createDatabase(postgres) });
  onTestFinished(() => site.close());
  const load = createLoad({ ...site, draw, people: PEOPLE });
  const nodes = [await site.start(), await site.start()];
  const front = createRoundRobin(
    nodes.map((node) => node.url),
    { inOrder },
  );
  onTestFinished(() => front.close());
  const working = load.start(front.send);
  const violations: string[] = [];
  const answersMore = async () => {
    const enough = site.ledger.answers() + 1 + draw(MOST_ANSWERS);
    while (site.ledger.answers() < enough) await new Promise(setImmediate);
  };
  for (let time = 0; time < times; time++) {
    await answersMore();
    const which = draw(2);
    violations.push(...(await end({ site, node: nodes[which] as RunningServer, front })));
    await answersMore();
    const fresh = await site.start();
    nodes[which] = fresh;
    front.nodes[which] = fresh.url;
  }
  await working.stop();
  await nodes[1]?.end('SIGTERM');
  violations.push(...(await site.checkAll(nodes[0] as RunningServer, load.memory)));
  return { seed, violations, answers: site.ledger.answers(), lost: front.lost };
}

//
test('a node that is told to stop says that it is not ready, answers all it has read, and is gone in time', async () => {
  const times = howOften({ ci: 5, prove: 100 });
  let slowestMs = 0;
  const { violations, answers, seed } = await endNodes({ times, inOrder: true }, async ({ node, front }) => {
    const wrong: string[] = [];
    const ready = await beginAskingReady(node.url);
    const startedAt = performance.now();
    const ended = node.end('SIGTERM');
    while (!node.output().includes('"server.shutdown.started"')) await new Promise(setImmediate);
    const status = await ready.finish();
    if (status !== 503) wrong.push(`R-060 a node that stops says ${status} when asked whether it is ready`);
    const { exitCode } = await ended;
    slowestMs = Math.max(slowestMs, performance.now() - startedAt);
    if (exitCode !== 0) wrong.push(`R-060 the exit code is ${exitCode}`);
    return [...wrong, ...front.lost.splice(0).map(({ what }) => `R-060 a request was read and not answered: ${what}`)];
  });
  recordProof({
    id: 'stop-node',
    chapter: 'Kills',
    act: `${LOAD}; one of them is told to stop with SIGTERM`,
    rows: ['R-060', 'I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7', 'I8', 'I9'],
    times,
    of: 'stops',
    violations,
    figures: { 'answers held to account': answers, 'requests failed': 0, 'slowest exit (ms)': Math.round(slowestMs) },
  });
  expect(violations, `GATEHOUSE_SEED=${seed}`).toEqual([]);
  expect(slowestMs).toBeLessThan(LONGEST_EXIT_MS);
});

//
test('a node that is killed takes nothing with it but the requests of that moment', async () => {
  const times = howOften({ ci: 5, prove: 100 });
  let lost = 0;
  let longestMs = 0;
  const { violations, answers, seed } = await endNodes({ times, inOrder: false }, async ({ site, node, front }) => {
    const killedAt = performance.now();
    await node.end('SIGKILL');
    const settled = site.ledger.answers() + 2 * PEOPLE;
    while (site.ledger.answers() < settled) await new Promise(setImmediate);
    const gone = front.lost.splice(0);
    lost += gone.length;
    const lastMs = Math.max(0, ...gone.map(({ at }) => at - killedAt));
    longestMs = Math.max(longestMs, lastMs);
    return lastMs > LONGEST_BURST_MS ? [`R-002 requests were still lost ${Math.round(lastMs)} ms after the kill`] : [];
  });
  recordProof({
    id: 'kill-node',
    chapter: 'Kills',
    act: `${LOAD}; one of them is killed with SIGKILL`,
    rows: ['R-002', 'I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7', 'I8', 'I9'],
    times,
    of: 'kills',
    violations,
    figures: {
      'answers held to account': answers,
      'requests cut off': lost,
      'longest time with such (ms)': Math.round(longestMs),
    },
  });
  expect(violations, `GATEHOUSE_SEED=${seed}`).toEqual([]);
});
