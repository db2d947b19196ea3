// Something that the server stands on fails under load and comes back, while the server stays.
import { onTestFinished } from 'vitest';
import type { RunningServer } from '../../kit/gatehouse-command.ts';
import { type Reply, type Request, send } from './act.ts';
import { chooseSeed, createDraw, type Draw } from './draw.ts';
import type { Endured } from './endure.ts';
import { createLoad } from './load.ts';
import { openSite, type Site, type SiteOptions } from './site.ts';

export interface Outage {
  site: Site;
  server: RunningServer;
  draw: Draw;
  /** Resolves when so many requests more were turned away with 503. */
  turnedAway(more: number): Promise<void>;
  violations: string[];
}

export interface Survived extends Endured {
  /** Answers 503, and the slowest of all answers while something was away. */
  turnedAway: number;
  slowestAnswerMs: number;
  /** From the moment all was back to the first answer, the longest. */
  slowestRecoveryMs: number;
}

const PEOPLE = 8;
const MOST_ANSWERS = 60;
const UNAVAILABLE = 503;

/** Passes requests on and measures what comes back. */
function createGauge(url: string) {
  const gauge = { turnedAway: 0, slowestMs: 0 };
  const pass = async (request: Request): Promise<Reply> => {
    const askedAt = performance.now();
    const reply = await send(url, request);
    gauge.slowestMs = Math.max(gauge.slowestMs, performance.now() - askedAt);
    if (reply.status === UNAVAILABLE) gauge.turnedAway++;
    return reply;
  };
  return { gauge, pass };
}

const until = async (reached: () => boolean) => {
  while (!reached()) await new Promise(setImmediate);
};

/** Lets `fail` happen so many times; it resolves when what failed is back. */
export async function survive(of: {
  site: SiteOptions;
  times: number;
  fail(outage: Outage): Promise<void>;
}): Promise<Survived> {
  const seed = chooseSeed();
  const draw = createDraw(seed);
  const site = await openSite(of.site);
  onTestFinished(() => site.close());
  const load = createLoad({ ...site, draw, people: PEOPLE });
  const server = await site.start();
  const { gauge, pass } = createGauge(server.url);
  const violations: string[] = [];
  const working = load.start(pass);
  let slowestRecoveryMs = 0;
  const turnedAway = (more: number) => {
    const enough = gauge.turnedAway + more;
    return until(() => gauge.turnedAway >= enough);
  };
  for (let time = 0; time < of.times; time++) {
    const enough = site.ledger.answers() + 1 + draw(MOST_ANSWERS);
    await until(() => site.ledger.answers() >= enough);
    await of.fail({ site, server, draw, turnedAway, violations });
    const backAt = performance.now();
    const answers = site.ledger.answers();
    await until(() => site.ledger.answers() > answers);
    slowestRecoveryMs = Math.max(slowestRecoveryMs, performance.now() - backAt);
  }
  await working.stop();
  violations.push(...(await site.checkAll(server, load.memory)));
  return {
    seed,
    violations,
    answers: site.ledger.answers(),
    slowestMs: site.slowestMs(),
    turnedAway: gauge.turnedAway,
    slowestAnswerMs: Math.round(gauge.slowestMs),
    slowestRecoveryMs: Math.round(slowestRecoveryMs),
  };
}
