// Something that the server stands on fails under load and comes back, while the server stays.
import { onTestFinished } from 'vitest';
import type { RunningServer } from '../../kit/gatehouse-command.ts';
import { until } from '../../kit/until.ts';
import { type Reply, type Request, send, Unanswered } from './act.ts';
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
  /** Requests that were answered 503; and those that were not answered, each of which is a violation: the server stays. */
  turnedAway: number;
  unanswered: number;
  /** The slowest end of a request in the whole run, with an answer or without one. */
  slowestAnswerMs: number;
  /** From the moment all was back to the first answer, the longest. */
  slowestRecoveryMs: number;
}

const PEOPLE = 8;
const MOST_ANSWERS = 60;
/** Requests that an outage turns away before it is over. */
export const TURNED_AWAY = 20;
const UNAVAILABLE = 503;

/** What a proof of an outage records. */
export const figuresOf = ({ answers, turnedAway, unanswered, slowestAnswerMs, slowestRecoveryMs }: Survived) => ({
  'answers held to account': answers,
  'turned away with 503': turnedAway,
  'requests without an answer': unanswered,
  'slowest answer (ms)': slowestAnswerMs,
  'slowest recovery (ms)': slowestRecoveryMs,
});

/** Passes requests on and measures what comes back. */
function createGauge(url: string) {
  const gauge = { turnedAway: 0, slowestMs: 0, unanswered: [] as string[] };
  const pass = async (request: Request): Promise<Reply> => {
    const askedAt = performance.now();
    try {
      const reply = await send(url, request);
      if (reply.status === UNAVAILABLE) gauge.turnedAway++;
      return reply;
    } catch (error) {
      if (error instanceof Unanswered) gauge.unanswered.push(`${error.message} was not answered: ${error.cause}`);
      throw error;
    } finally {
      gauge.slowestMs = Math.max(gauge.slowestMs, performance.now() - askedAt);
    }
  };
  return { gauge, pass };
}

/** Lets `fail` happen so many times; it resolves when what failed is back. */
// long: one run, from the first request to the books
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
    return until(() => gauge.turnedAway >= enough, working.done);
  };
  for (let time = 0; time < of.times; time++) {
    const enough = site.ledger.answers() + 1 + draw(MOST_ANSWERS);
    await until(() => site.ledger.answers() >= enough, working.done);
    await of.fail({ site, server, draw, turnedAway, violations });
    const backAt = performance.now();
    const answers = site.ledger.answers();
    await until(() => site.ledger.answers() > answers, working.done);
    slowestRecoveryMs = Math.max(slowestRecoveryMs, performance.now() - backAt);
  }
  await working.stop();
  violations.push(...gauge.unanswered, ...(await site.checkAll(server, load.memory)));
  return {
    seed,
    violations,
    answers: site.ledger.answers(),
    slowestMs: site.slowestMs(),
    turnedAway: gauge.turnedAway,
    unanswered: gauge.unanswered.length,
    slowestAnswerMs: Math.round(gauge.slowestMs),
    slowestRecoveryMs: Math.round(slowestRecoveryMs),
  };
}
