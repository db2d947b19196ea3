import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listOneTimeKinds } from '../../src/platform/database/index.ts';
import '../../src/server.ts';
import { databaseKinds } from '../kit/databases.ts';
import { howOften, recordProof } from '../kit/proof.ts';
import type { Answer } from '../kit/test-server.ts';
import { type NodesApart, startNodesApart } from './nodes-apart.ts';
import { races, refusalsOf } from './one-time-races.ts';

const TAKERS = 50;
const ROUNDS = howOften({ ci: 20, prove: 100 });

// T-006
test('there is a race for every kind of one-time value that the code declares', () => {
  expect(Object.keys(races).sort()).toEqual(listOneTimeKinds());
});

/** What is wrong with the answers to one value; a refresh within its grace is answered to all, with one successor. */
function judge(kind: string, answers: readonly Answer[]): string[] {
  const good = answers.filter(({ status }) => status < 300);
  const odd = answers.filter(({ status, body }) => status >= 300 && !refusalsOf[kind]?.includes(body.error));
  const complaints = [...new Set(odd.map(({ status, body }) => `${kind} was answered ${status} ${body.error}`))];
  if (kind === 'refresh_token') {
    const successors = new Set(good.map(({ body }) => body.refresh_token)).size;
    if (good.length === TAKERS && successors === 1) return complaints;
    return [...complaints, `${kind}: ${good.length} answers with ${successors} successors`];
  }
  return good.length === 1 ? complaints : [...complaints, `${kind} was taken ${good.length} times`];
}

describe.each(databaseKinds())('two processes on one $name', (kind) => {
  let on: NodesApart;
  beforeAll(async () => {
    on = await startNodesApart(kind);
  });
  afterAll(() => on?.close());

  // T-001, T-002, T-006, I6
  test.each(Object.entries(races))('of fifty who take one %s at once, one gets it', async (name, race) => {
    const violations: string[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const take = await race(on, round);
      violations.push(...judge(name, await Promise.all(Array.from({ length: TAKERS }, (_, taker) => take(taker)))));
    }
    const one = name === 'refresh_token' ? 'all get the same successor' : 'one gets it';
    const where = kind.name === 'SQLite' ? 'two workers on one SQLite file' : 'two servers on one Postgres';
    recordProof({
      id: `race-${name}-${kind.name}`.toLowerCase().replaceAll('_', '-'),
      chapter: 'Races',
      act: `${TAKERS} take one \`${name}\` at once, ${where}: ${one}`,
      rows: name === 'refresh_token' ? ['T-002', 'I7'] : ['T-006', 'I6'],
      times: ROUNDS,
      of: 'rounds',
      violations,
    });
    expect(violations).toEqual([]);
  });
});
