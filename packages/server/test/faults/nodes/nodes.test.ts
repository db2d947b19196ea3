import { expect, inject, onTestFinished, test } from 'vitest';
import type { RunningServer } from '../../kit/gatehouse-command.ts';
import { createDatabase } from '../../kit/postgres.ts';
import { howOften, recordProof } from '../../kit/proof.ts';
import { until } from '../../kit/until.ts';
import { EVERY } from '../ledger/check-ledger.ts';
import { chooseSeed, createDraw } from '../ledger/draw.ts';
import { createLoad } from '../ledger/load.ts';
import { openSite } from '../ledger/site.ts';
import { createRoundRobin } from './round-robin.ts';

const postgres = inject('postgresUrl');
const LOAD = 'Eight people work on two nodes of one database behind a balancer that';
/** Forty times as long as the balancer needs to notice: a slow machine must not decide. */
const SHUTDOWN_DELAY = '2s';
const PEOPLE = 8;
const MOST_ANSWERS = 100;
/** A system needs a moment to close the door of a process that is gone: who knocks then has lost a request as well. */
const LONGEST_BURST_MS = 1_000;
const LEAST_SHARE = 0.999;
const LONGEST_EXIT_MS = 10_000;

/** What happens to one of two nodes; sentences about what went wrong. Requests that were lost are judged at the end. */
type End = (node: RunningServer) => Promise<string[]>;

/** Ends one of two nodes under load, then starts another in its place, so many times. */
async function endNodes({ times, inOrder }: { times: number; inOrder: boolean }, end: End) {
  const seed = chooseSeed();
  const draw = createDraw(seed);
  const database = postgres === null ? null : await createDatabase(postgres);
  const site = await openSite({ database, environment: inOrder ? { SHUTDOWN_DELAY } : {} });
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
    await until(() => site.ledger.answers() >= enough, working.done);
  };
  for (let time = 0; time < times; time++) {
    await answersMore();
    const which = draw(2);
    violations.push(...(await end(nodes[which] as RunningServer)));
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
  const { violations, answers, seed, lost } = await endNodes({ times, inOrder: true }, async (node) => {
    const wrong: string[] = [];
    const startedAt = performance.now();
    const ended = node.end('SIGTERM');
    await until(() => node.output().includes('"server.shutdown.started"'));
    const { status } = await fetch(`${node.url}/readyz`);
    if (status !== 503) wrong.push(`R-060 a node that stops says ${status} when asked whether it is ready`);
    const { exitCode } = await ended;
    slowestMs = Math.max(slowestMs, performance.now() - startedAt);
    if (exitCode !== 0) wrong.push(`R-060 the exit code is ${exitCode}`);
    return wrong;
  });
  violations.push(...lost.map(({ what }) => `R-060 a request was read and not served: ${what}`));
  recordProof({
    id: 'stop-node',
    chapter: 'Kills',
    act: `${LOAD} heeds whether they are ready and tries again only what could not be sent; one is told to stop with SIGTERM`,
    rows: ['R-060', ...EVERY],
    times,
    of: 'stops',
    violations,
    figures: {
      'answers held to account': answers,
      'requests failed': lost.length,
      'slowest exit (ms)': Math.round(slowestMs),
    },
  });
  expect(violations, `GATEHOUSE_SEED=${seed}`).toEqual([]);
  expect(slowestMs).toBeLessThan(LONGEST_EXIT_MS);
});

//
test('a node that is killed takes nothing with it but the requests of that moment', async () => {
  const times = howOften({ ci: 5, prove: 100 });
  const kills: { at: number; goneAt: number }[] = [];
  const { violations, answers, seed, lost } = await endNodes({ times, inOrder: false }, async (node) => {
    const kill = { at: performance.now(), goneAt: Infinity };
    kills.push(kill);
    await node.end('SIGKILL');
    kill.goneAt = performance.now();
    return [];
  });
  const sinceKill = lost.map(({ what, at }) => ({
    what,
    ms: at - (kills.findLast((kill) => kill.at <= at)?.at ?? -Infinity),
  }));
  // Until it is gone the system takes connections for it: what is under way on them is lost with it.
  const wasUnderWay = (one: (typeof lost)[number]) =>
    kills.some((kill) => one.sentAt <= kill.goneAt && kill.at <= one.at);
  const others = lost.filter((one) => !wasUnderWay(one)).length;
  const share = answers / (answers + others);
  if (share < LEAST_SHARE) violations.push(`R-002 ${others} requests were lost that were not under way at a kill`);
  const longestMs = sinceKill.reduce((longest, { ms }) => Math.max(longest, ms), 0);
  for (const { what, ms } of sinceKill)
    if (ms > LONGEST_BURST_MS) violations.push(`R-002 a request was lost ${Math.round(ms)} ms after a kill: ${what}`);
  recordProof({
    id: 'kill-node',
    chapter: 'Kills',
    act: `${LOAD} tries again only what could not be sent; one is killed with SIGKILL`,
    rows: ['R-002', ...EVERY],
    times,
    of: 'kills',
    violations,
    figures: {
      'answers held to account': answers,
      'requests cut off': lost.length,
      'of those not under way at a kill, answered (%)': (share * 100).toFixed(2),
      'longest time with such (ms)': Math.round(longestMs),
    },
  });
  expect(violations, `GATEHOUSE_SEED=${seed}`).toEqual([]);
});
