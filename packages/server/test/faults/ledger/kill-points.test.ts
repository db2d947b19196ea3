import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { createDatabase } from '../../kit/postgres.ts';
import { howOften, recordProof } from '../../kit/proof.ts';
import { type Done, type Scene, Unanswered } from './act.ts';
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
const MOST_CALLS = 200;

/** Does an act that is killed at a point; whether it was, for an act has only so many points. */
async function diesAt(scene: Scene, act: (scene: Scene) => Promise<Done>): Promise<boolean> {
  try {
    await act(scene);
    return false;
  } catch (error) {
    if (!(error instanceof Unanswered)) throw error;
    return true;
  }
}

/** Kills a server at the points of one act until there are no more; how many there were. */
async function walk(
  site: Site,
  of: { act: keyof typeof killed; sides: string[]; memory: Memory; first: number },
): Promise<number> {
  let server = await site.start();
  let deaths = 0;
  for (let at = of.first; at < MOST_CALLS; at += ONE_OF) {
    const call = Math.floor(at / of.sides.length) + 1;
    const calm = { server: server.url, ledger: site.ledger };
    const act = await killed[of.act]?.(calm, { site, memory: of.memory });
    if (!act) throw new Error(`there is no ${of.act}`);
    const scene = { ...calm, actHeaders: { 'x-kill-at': `${call} ${of.sides[at % of.sides.length]}` } };
    if (!(await diesAt(scene, act))) break;
    deaths++;
    await server.end();
    await site.view.settled();
    server = await site.start();
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
    for (const act of Object.keys(killed)) points[act] = await walk(site, { act, sides, memory, first: draw(ONE_OF) });
    const violations = [...(await site.check()), ...(await site.checkAll(await site.start(), memory))];
    const times = Object.values(points).reduce((sum, count) => sum + count, 0);
    recordProof({
      id: `kill-points-${id}`,
      chapter: 'Kills',
      act: `The server is killed with SIGKILL ${sides.join(' and ')} each call that an act makes to ${name}`,
      rows: ['R-003', 'I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7', 'I8', 'I9'],
      times,
      of: 'points',
      violations,
      figures: points,
    });
    expect(violations, `GATEHOUSE_SEED=${seed}`).toEqual([]);
    for (const act of Object.keys(killed)) expect(points[act], act).toBeGreaterThan(0);
  });
});
