import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import type { RunningServer } from '../../kit/gatehouse-command.ts';
import { createDatabase } from '../../kit/postgres.ts';
import { howOften, recordProof } from '../../kit/proof.ts';
import { type Done, Unanswered } from './act.ts';
import { EVERY } from './check-ledger.ts';
import { chooseSeed, createDraw } from './draw.ts';
import { killed } from './kill-points.ts';
import type { Memory } from './person.ts';
import { openSite, type Site } from './site.ts';

const postgres = inject('postgresUrl');
const preload = new URL('../../kit/kill-point.ts', import.meta.url).href;

/** A statement is a call that returns when it is done on SQLite, and a message that may be lost on its way on Postgres. */
const kinds = [
  { name: 'SQLite', id: 'sqlite', sides: ['before', 'after'], create: async () => null },
  ...(postgres === null
    ? []
    : [{ name: 'Postgres', id: 'postgres', sides: ['before', 'sent'], create: () => createDatabase(postgres) }]),
];

/** Of so many points one is taken, where the first is up to chance. */
const ONE_OF = howOften({ ci: 8, prove: 1 });
/** More than any act has; one that seems to have them does not end where it should. */
const MOST_POINTS = 400;
/** The act that is done again when nobody answered. */
const REPEATED: keyof typeof killed = 'a refresh';
const LONGEST_DEATH_MS = 10_000;

/** Does an act that is killed at a point; whether it went unanswered, for an act has only so many points. */
async function isUnanswered(act: Promise<Done>): Promise<boolean> {
  try {
    await act;
    return false;
  } catch (error) {
    if (!(error instanceof Unanswered)) throw error;
    return true;
  }
}

/** Why a server whose act went unanswered was not killed at its point, or null when it was: only a signal leaves no exit code. */
async function whyAlive(server: RunningServer): Promise<string | null> {
  const outcome = await Promise.race([server.end(), delay(LONGEST_DEATH_MS, null, { ref: false })]);
  if (outcome?.exitCode === null) return null;
  if (outcome !== null) return `ended with ${outcome.exitCode}: ${outcome.stderr.slice(-500)}`;
  await server.end('SIGKILL');
  return 'gave no answer, or 503, and lives on';
}

/** Kills a server at the points of one act until there are no more; how many there were. */
async function walk(
  site: Site,
  of: { act: keyof typeof killed; sides: string[]; memory: Memory; first: number; violations: string[] },
): Promise<number> {
  let server = await site.start();
  let deaths = 0;
  for (let at = of.first; ; at += ONE_OF) {
    if (at >= MOST_POINTS) throw new Error(`${of.act} has more than ${MOST_POINTS} points`);
    const call = Math.floor(at / of.sides.length) + 1;
    const calm = { server: server.url, ledger: site.ledger };
    const act = await killed[of.act]?.(calm, { site, memory: of.memory });
    if (!act) throw new Error(`there is no ${of.act}`);
    const point = `${call} ${of.sides[at % of.sides.length]}`;
    if (!(await isUnanswered(act({ ...calm, actHeaders: { 'x-kill-at': point } })))) break;
    const why = await whyAlive(server);
    if (why === null) deaths++;
    else of.violations.push(`R-003 a server to be killed at call ${point} of ${of.act} ${why}`);
    await site.view.settled();
    server = await site.start();
    // As its client does, while the grace lasts: later the token of a refresh in doubt would rightly count as a copy.
    if (of.act === REPEATED) await act({ ...calm, server: server.url });
  }
  await server.end('SIGTERM');
  return deaths;
}

describe.each(kinds)('on $name', ({ name, id, sides, create }) => {
  // R-003; I1 to I9
  test('a server may be killed at every call to the database, and an act is done or not begun', async () => {
    const seed = chooseSeed();
    const draw = createDraw(seed);
    const environment = { NODE_OPTIONS: `--import ${preload}` };
    const site = await openSite({ database: await create(), environment });
    onTestFinished(() => site.close());
    const memory: Memory = { passkeys: new Map(), people: 0 };
    const points: Record<string, number> = {};
    const violations: string[] = [];
    for (const act of Object.keys(killed))
      points[act] = await walk(site, { act, sides, memory, first: draw(ONE_OF), violations });
    violations.push(...(await site.check()), ...(await site.checkAll(await site.start(), memory)));
    const times = Object.values(points).reduce((sum, count) => sum + count, 0);
    recordProof({
      id: `kill-points-${id}`,
      chapter: 'Kills',
      act: `The server is killed with SIGKILL ${sides.join(' and ')} each call that an act makes to ${name}`,
      rows: ['R-003', ...EVERY],
      times,
      of: 'points',
      violations,
      figures: points,
    });
    expect(violations, `GATEHOUSE_SEED=${seed}`).toEqual([]);
    for (const act of Object.keys(killed)) expect(points[act], act).toBeGreaterThan(0);
  });
});
