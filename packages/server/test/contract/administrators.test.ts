import { describe, expect, test } from 'vitest';
import {
  accept,
  codeAt,
  createAdministrator,
  invite,
  login,
  nextCode,
  PASSWORD,
  type Person,
  tokenOf,
} from '../kit/administrators.ts';
import { databaseKinds } from '../kit/databases.ts';
import { serveTwiceOn } from '../kit/serve-on.ts';
import type { TestServer } from '../kit/test-server.ts';

const USERS = '/api/admin/users';
const ROUNDS = 25;

/** Two servers on one database, as two nodes of one installation. */
describe.each(databaseKinds())('administrators of two nodes on one $name', (kind) => {
  const { nodes, clock } = serveTwiceOn(kind);

  const ownersOf = async () =>
    (await nodes()[0].askAsOwner(USERS)).body.items.filter(
      (one: { roles: string[]; status: string }) => one.roles.includes('owner') && one.status === 'active',
    );

  // T-008
  test('two owners who demote each other at the same moment leave one', async () => {
    const [a, b] = [
      await createAdministrator(nodes()[0], 'a@example.com'),
      await createAdministrator(nodes()[1], 'b@example.com'),
    ];
    const set = (node: TestServer, id: string, roles: string[]) =>
      node.askAsOwner(`${USERS}/${id}`, { method: 'PATCH', body: { roles } });
    for (let round = 0; round < ROUNDS; round++) {
      const answers = await Promise.all([
        set(nodes()[0], a.id, ['support_admin']),
        set(nodes()[1], b.id, ['support_admin']),
      ]);
      expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409]);
      expect(await ownersOf()).toHaveLength(1);
      for (const { id } of [a, b]) await set(nodes()[0], id, ['owner']);
    }
    const answers = await Promise.all(
      [a.id, b.id].map((id, at) => nodes()[at as 0 | 1].askAsOwner(`${USERS}/${id}`, { method: 'DELETE' })),
    );
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409]);
    expect(await ownersOf()).toHaveLength(1);
  });

  //
  test('fifty sign-ins with one code come to one token', async () => {
    const person: Person = await createAdministrator(nodes()[0], 'code@example.com');
    clock.advance(900_000);
    const challenges: string[] = [];
    for (let turn = 0; turn < 10; turn++) challenges.push((await login(nodes()[0], person.email)).body.challenge_token);
    const code = nextCode(nodes()[0], person.secret);
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, turn) =>
        nodes()[(turn % 2) as 0 | 1].ask('/api/admin/auth/mfa', {
          body: { challenge_token: challenges[turn % challenges.length], code },
        }),
      ),
    );
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
    expect(new Set(answers.map((answer) => answer.status))).not.toContain(500);
  });

  //
  test('an invitation that is accepted many times at once makes one administrator with one secret', async () => {
    const invited = await invite(nodes()[0], 'many@example.com');
    const body = { token: tokenOf(invited), password: PASSWORD };
    const started = await Promise.all(
      [0, 1, 0, 1].map((at) => nodes()[at as 0 | 1].ask('/api/admin/auth/invitation', { body })),
    );
    const confirmed = await Promise.all(
      started.map(({ body: { challenge_token, totp } }, at) =>
        nodes()[(at % 2) as 0 | 1].ask('/api/admin/auth/invitation/confirm', {
          body: { challenge_token, code: codeAt(nodes()[0], totp.secret) },
        }),
      ),
    );
    expect(confirmed.filter((answer) => answer.status === 200)).toHaveLength(1);
    const won = started[confirmed.findIndex((answer) => answer.status === 200)];
    const { challenge_token } = (await login(nodes()[1], 'many@example.com')).body;
    const answer = await nodes()[1].ask('/api/admin/auth/mfa', {
      body: { challenge_token, code: nextCode(nodes()[1], won?.body.totp.secret) },
    });
    expect(answer.status).toBe(200);
  });

  // N-10
  test('after a hundred wrong guesses a password is shut, whatever network they come from and however long one waits', async () => {
    await createAdministrator(nodes()[0], 'shut@example.com');
    let looked = 0;
    for (let quarter = 0; quarter < 11; quarter++) {
      clock.advance(900_000);
      const answers = await Promise.all(
        Array.from({ length: 11 }, (_, at) => login(nodes()[(at % 2) as 0 | 1], 'shut@example.com', 'wrong password')),
      );
      looked += answers.filter((answer) => answer.status === 401).length;
    }
    expect(looked).toBe(100);
    clock.advance(900_000);
    expect((await login(nodes()[0], 'shut@example.com')).status).toBe(429);
    const { id } = (await nodes()[0].askAsOwner(USERS)).body.items.find(
      (one: Person) => one.email === 'shut@example.com',
    );
    const reset = await nodes()[0].askAsOwner(`${USERS}/${id}/reset`, { method: 'POST' });
    await accept(nodes()[1], reset);
    expect((await login(nodes()[0], 'shut@example.com')).status).toBe(200);
  });
});
