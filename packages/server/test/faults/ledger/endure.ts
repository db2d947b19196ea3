// The rhythm of the proofs: load, harm in the midst of it, the books; over and over, and everything at the end.
import { setTimeout as delay } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import type { RunningServer } from '../../kit/gatehouse-command.ts';
import { until } from '../../kit/until.ts';
import { chooseSeed, createDraw, type Draw } from './draw.ts';
import { createLoad } from './load.ts';
import { openSite, type Site, type SiteOptions } from './site.ts';

/** What is done to a server under load. */
export interface Harm {
  site: Site;
  draw: Draw;
  server: RunningServer;
  /** Resolves when everybody has seen the end of their last request. */
  stopLoad(): Promise<void>;
}

export interface Endured {
  seed: number;
  violations: string[];
  answers: number;
  slowestMs: number;
}

const PEOPLE = 8;
const MOST_ANSWERS = 60;
const MOST_MS = 20;
/** Everything is read anew after each harm as long as there is little of it, then now and then. */
const OFTEN = 25;

/** Harms a server on `site` so many times; `harm` resolves with the server that is there afterwards. */
export async function endure(of: {
  site: SiteOptions;
  times: number;
  harm(harm: Harm): Promise<RunningServer>;
}): Promise<Endured> {
  const seed = chooseSeed();
  const draw = createDraw(seed);
  const site = await openSite(of.site);
  onTestFinished(() => site.close());
  const load = createLoad({ ...site, draw, people: PEOPLE });
  const violations = new Set<string>();
  const note = (found: string[]) => {
    for (const one of found) violations.add(one);
  };
  let server = await site.start();
  for (let time = 1; time <= of.times; time++) {
    const working = load.start(server.url);
    const enough = site.ledger.answers() + 1 + draw(MOST_ANSWERS);
    await until(() => site.ledger.answers() >= enough, working.done);
    // Somewhere within the requests under way, not always right after an answer.
    await delay(draw(MOST_MS));
    server = await of.harm({ site, draw, server, stopLoad: working.stop });
    if (time <= OFTEN || time % OFTEN === 0) note(await site.check());
  }
  note(await site.checkAll(server, load.memory));
  return { seed, violations: [...violations], answers: site.ledger.answers(), slowestMs: site.slowestMs() };
}
