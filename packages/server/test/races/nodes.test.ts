import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { databaseKinds } from '../kit/databases.ts';
import { serveTwiceOn } from '../kit/serve-on.ts';
import type { Answer, TestServer } from '../kit/test-server.ts';

const PARALLEL = 100;

/** Two servers on one database, as two nodes of one installation. */
describe.each(databaseKinds())('two nodes on one $name', (kind) => {
  const { nodes, clock } = serveTwiceOn(kind);

  const everywhere = (ask: (node: TestServer) => Promise<Answer>) =>
    Promise.all(Array.from({ length: PARALLEL }, (_, i) => ask(nodes()[i % 2] as TestServer)));

  // T-006
  test('a hundred right guesses at one code sign in once', async () => {
    const email = 'race@example.com';
    await nodes()[0].ask('/email/start', { body: { email } });
    const code = await nodes()[0].codeFor(email);
    const answers = await everywhere((node) => node.ask('/email/verify', { body: { email, code } }));
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200, 401]));
  });

  // T-020, N-12
  test('of a hundred wrong guesses five are looked at, and the right one comes too late', async () => {
    const email = 'guess@example.com';
    await nodes()[0].ask('/email/start', { body: { email } });
    const code = await nodes()[0].codeFor(email);
    const wrong = code === '000000' ? '111111' : '000000';
    const answers = await everywhere((node) => node.ask('/email/verify', { body: { email, code: wrong } }));
    const triesLeft = answers.map((answer) => answer.body.tries_left);
    expect(triesLeft.filter((left) => left > 0).sort()).toEqual([1, 2, 3, 4]);
    expect((await nodes()[1].ask('/email/verify', { body: { email, code } })).status).toBe(401);
  });

  // T-002
  test('a hundred refreshes with one token all get the same successor', async () => {
    const { session_id, refresh_token } = (await nodes()[0].signIn('refresh@example.com')).body;
    const answers = await everywhere((node) => node.ask('/session/refresh', { body: { session_id, refresh_token } }));
    expect(answers.map((answer) => answer.status)).toEqual(new Array(PARALLEL).fill(200));
    expect(new Set(answers.map((answer) => answer.body.refresh_token)).size).toBe(1);
  });

  // T-010
  test('sign-ins of one address in two spellings and on two nodes end in one user', async () => {
    const first = await nodes()[0].signIn('one@example.com');
    const second = await nodes()[1].signIn('ONE@example.com');
    expect(second.body.user.id).toBe(first.body.user.id);
  });

  // A-045, O-089
  test('a session ended on one node is over on the other', async () => {
    const tokens = (await nodes()[0].signIn('over@example.com')).body;
    await nodes()[1].ask('/session/logout', { method: 'POST', token: tokens.access_token });
    expect((await nodes()[0].ask('/me', { token: tokens.access_token })).status).toBe(401);
  });

  // D20
  test('every act left one row in the audit log', async () => {
    const { database } = nodes()[0].house.ground;
    const rows = await database.read.query
      .selectFrom('audit_events')
      .select((eb) => ['event_type', eb.fn.countAll<number>().as('rows')])
      .groupBy('event_type')
      .execute();
    const count = Object.fromEntries(rows.map((row) => [row.event_type, Number(row.rows)]));
    expect(count).toMatchObject({ login_success: 5, session_refreshed: 1, user_created: 4, logout_success: 1 });
    expect(count.login_failed).toBe(PARALLEL - 1 + PARALLEL + 1);
  });

  // SQLite has one writer: there a sign-in and a suspension are never at once.
  if (kind.name === 'Postgres') {
    test('a sign-in waits for a suspension under way, and leaves no session', async () => {
      const [one, two] = nodes();
      const email = 'suspended@example.com';
      const { id } = (await one.signIn(email)).body.user;
      clock.advance(1);
      await one.ask('/email/start', { body: { email } });
      const code = await one.codeFor(email);
      const { database } = two.house.ground;
      const signIn = await database.write(async ({ query }) => {
        await query.updateTable('users').set({ status: 'suspended' }).where('id', '=', id).execute();
        const under = one.ask('/email/verify', { body: { email, code } });
        const isWaiting = async () => {
          const locks = sql<{ waiting: boolean }>`select bool_or(not granted) as waiting
            from pg_locks join pg_stat_activity using (pid) where datname = current_database()`;
          return (await locks.execute(one.house.ground.database.read.query)).rows[0]?.waiting === true;
        };
        const answered = under.then(() => true);
        while (!(await isWaiting()) && !(await Promise.race([answered, Promise.resolve(false)])));
        return { under };
      });
      expect((await signIn.under).status).toBe(401);
    });
  }
});
