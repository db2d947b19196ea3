import { describe, expect, test } from 'vitest';
import { databaseKinds } from '../kit/databases.ts';
import { howOften, recordProof } from '../kit/proof.ts';
import { serveTwiceOn } from '../kit/serve-on.ts';
import type { Answer, TestServer } from '../kit/test-server.ts';

const TWINS = 50;
const ROUNDS = howOften({ ci: 20, prove: 200 });
const GRACE_IS_OVER_MS = 61_000;

describe.each(databaseKinds())('refresh tokens on two nodes and one $name', (kind) => {
  const { nodes, clock } = serveTwiceOn(kind);

  const refresh = (at: number, body: { session_id: string; refresh_token: string }) =>
    (nodes()[at % 2] as TestServer).ask('/session/refresh', { body });
  const twins = (body: { session_id: string; refresh_token: string }) =>
    Promise.all(Array.from({ length: TWINS }, (_, at) => refresh(at, body)));
  const liveSessions = async (id: string) => {
    const { query } = nodes()[0].house.ground.database.read;
    return query.selectFrom('sessions').select('id').where('id', '=', id).where('ended_at', 'is', null).execute();
  };

  function judgeReplay(answers: readonly Answer[], successor: Answer): string[] {
    const kept = answers.filter(({ status }) => status !== 401).length;
    return [
      ...(kept > 0 ? [`${kept} replays were not refused`] : []),
      ...(successor.status === 401 ? [] : [`after a replay the successor was answered ${successor.status}`]),
    ];
  }

  function judgeTwins(answers: readonly Answer[], presented: string): string[] {
    const refused = answers.filter(({ status }) => status !== 200).length;
    const successors = new Set(answers.map(({ body }) => body.refresh_token));
    const [successor] = successors;
    const isNew = typeof successor === 'string' && successor !== presented;
    return [
      ...(refused > 0 ? [`${refused} twins were refused`] : []),
      ...(successors.size === 1 && isNew ? [] : [`${successors.size} successors`]),
    ];
  }

  // T-003, T-004, O-089, I7
  test('a replay after the grace ends the family, whoever replays and however often at once', async () => {
    const violations: string[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const { session_id, refresh_token } = (await nodes()[0].signIn(`replay${round}@example.com`)).body;
      const next = (await refresh(round, { session_id, refresh_token })).body.refresh_token;
      clock.advance(GRACE_IS_OVER_MS);
      const answers = await twins({ session_id, refresh_token });
      violations.push(...judgeReplay(answers, await refresh(round + 1, { session_id, refresh_token: next })));
      if ((await liveSessions(session_id)).length > 0) violations.push('the family lives on');
    }
    recordProof({
      id: `race-replay-${kind.name.toLowerCase()}`,
      chapter: 'Races',
      act: `${TWINS} replay a refresh token after its grace at once, on two nodes and one ${kind.name}: the family is over`,
      rows: ['T-003', 'T-004', 'I7'],
      times: ROUNDS,
      of: 'rounds',
      violations,
    });
    expect(violations).toEqual([]);
  });

  // T-005, T-002
  test('twins inside the grace, again and again, follow one successor', async () => {
    const violations: string[] = [];
    let held = (await nodes()[0].signIn('twins@example.com')).body;
    for (let round = 0; round < ROUNDS; round++) {
      clock.advance(1_000);
      const answers = await twins({ session_id: held.session_id, refresh_token: held.refresh_token });
      violations.push(...judgeTwins(answers, held.refresh_token));
      held = answers[round % TWINS]?.body;
    }
    recordProof({
      id: `race-twins-${kind.name.toLowerCase()}`,
      chapter: 'Races',
      act: `${TWINS} twins of one session refresh at once, each round with the successor of the last, on two nodes and one ${kind.name}`,
      rows: ['T-002', 'T-005', 'I7'],
      times: ROUNDS,
      of: 'rounds',
      violations,
    });
    expect(violations).toEqual([]);
  });

  // T-010
  test('of fifty who create the user of one address at once, in whatever spelling, one does', async () => {
    const violations: string[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const spellings = [`Zoë${round}@Example.com`, `zoë${round}@example.com`, `ZOE\u0308${round}@EXAMPLE.COM`];
      const create = (at: number) =>
        (nodes()[at % 2] as TestServer).askAsOwner('/api/admin/clients/default/users', {
          body: { email: spellings[at % spellings.length] },
        });
      const answers = await Promise.all(Array.from({ length: TWINS }, (_, at) => create(at)));
      const made = answers.filter(({ status }) => status === 201).length;
      const refused = answers.filter(({ status }) => status === 409).length;
      if (made !== 1 || refused !== TWINS - 1) violations.push(`${made} made, ${refused} refused`);
    }
    recordProof({
      id: `race-user-${kind.name.toLowerCase()}`,
      chapter: 'Races',
      act: `${TWINS} create the user of one address at once, in three spellings, on two nodes and one ${kind.name}: one does`,
      rows: ['T-010'],
      times: ROUNDS,
      of: 'rounds',
      violations,
    });
    expect(violations).toEqual([]);
  });
});
