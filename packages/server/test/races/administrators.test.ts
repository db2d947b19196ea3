import { describe, expect, test } from 'vitest';
import { createAdministrator, login, PASSWORD, signInAdministrator } from '../kit/administrators.ts';
import { databaseKinds } from '../kit/databases.ts';
import { howOften, recordProof } from '../kit/proof.ts';
import { serveTwiceOn } from '../kit/serve-on.ts';
import type { TestServer } from '../kit/test-server.ts';

const SESSIONS = 6;
const ROUNDS = howOften({ ci: 5, prove: 100 });
const QUARTER_MS = 900_000;

describe.each(databaseKinds())('sessions of one administrator on two nodes and one $name', (kind) => {
  const { nodes, clock } = serveTwiceOn(kind);

  async function signInEverywhere(email: string): Promise<string[]> {
    const ada = await createAdministrator(nodes()[0], email);
    const tokens = [ada.token];
    while (tokens.length < SESSIONS) tokens.push((await signInAdministrator(nodes()[0], ada)).body.access_token);
    return tokens;
  }

  async function changeEverywhere(email: string): Promise<string[]> {
    const tokens = await signInEverywhere(email);
    const fresh = (at: number) => `other words, and just as many ${at}`;
    const answers = await Promise.all(
      tokens.map((token, at) =>
        (nodes()[at % 2] as TestServer).ask('/api/admin/auth/password', {
          token,
          body: { current_password: PASSWORD, new_password: fresh(at) },
        }),
      ),
    );
    const changed = answers.flatMap(({ status }, at) => (status === 200 ? [at] : []));
    const odd = answers.filter(({ status }) => status !== 200 && status !== 401);
    const [winner = 0] = changed;
    const holds = (await login(nodes()[1], email, fresh(winner))).status === 200;
    const others = await Promise.all(
      tokens.map((token) =>
        nodes()[0]
          .ask('/api/admin/auth/me', { token })
          .then(({ status }) => status),
      ),
    );
    return [
      ...(changed.length === 1 ? [] : [`${changed.length} changed the password`]),
      ...odd.map(({ status, body }) => `was answered ${status} ${body.error}`),
      ...(holds ? [] : ['the password that was set last does not hold']),
      ...(others.filter((status) => status === 200).length === 1 ? [] : [`sessions afterwards: ${others.join()}`]),
    ];
  }

  //
  test('that change the password at once: one does, and signs all others out', async () => {
    const violations: string[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      clock.advance(QUARTER_MS);
      violations.push(...(await changeEverywhere(`ada${round}@example.com`)));
    }
    recordProof({
      id: `race-password-${kind.name.toLowerCase()}`,
      chapter: 'Races',
      act: `${SESSIONS} sessions of one administrator change the password at once, on two nodes and one ${kind.name}: one does, and ends the others`,
      rows: ['A-017'],
      times: ROUNDS,
      of: 'rounds',
      violations,
    });
    expect(violations).toEqual([]);
  });
});
