import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { type DatabaseKind, databaseKinds } from '../../../test/kit/databases.ts';
import { createFakeClock } from '../../../test/kit/fake-clock.ts';
import { startTestServer, type TestServer } from '../../../test/kit/test-server.ts';

type Held = { session_id: string; refresh_token: string; user: { id: string } };

const CROWD = 40;
const GRACE_IS_OVER_MS = 61_000;

async function withServer(kind: DatabaseKind, act: (server: TestServer, url: string) => Promise<void>) {
  const { url, forget } = await kind.create();
  const clock = createFakeClock();
  const server = await startTestServer({ database: url, clock });
  try {
    await act(server, url);
  } finally {
    await server.close();
    forget();
  }
}

const signInMany = (server: TestServer, names: readonly string[]): Promise<Held[]> =>
  Promise.all(names.map(async (name) => (await server.signIn(`${name}@example.com`)).body));

const refresh = (server: TestServer, { session_id, refresh_token }: Pick<Held, 'session_id' | 'refresh_token'>) =>
  server.ask('/session/refresh', { body: { session_id, refresh_token } });

const eventsOf = async (server: TestServer, name: string) => {
  const { query } = server.house.ground.database.read;
  const rows = await query.selectFrom('audit_events').selectAll().where('event_type', '=', name).execute();
  return rows.map(({ target_id, user_id }) => `${target_id} of ${user_id}`).sort();
};

describe.each(databaseKinds())('many who refresh at the same moment on $name', (kind) => {
  // R011
  test('each follows their own successor and is written down once', () =>
    withServer(kind, async (server) => {
      const held = await signInMany(
        server,
        Array.from({ length: CROWD }, (_, i) => `crowd${i}`),
      );
      const first = await Promise.all(held.map((one) => refresh(server, one)));
      expect(first.map(({ status }) => status)).toEqual(held.map(() => 200));
      expect(first.map(({ body }) => [body.session_id, body.user.id])).toEqual(
        held.map(({ session_id, user }) => [session_id, user.id]),
      );
      const second = await Promise.all(first.map(({ body }) => refresh(server, body)));
      expect(second.map(({ status }) => status)).toEqual(held.map(() => 200));
      const tokens = [...held, ...first.map(({ body }) => body), ...second.map(({ body }) => body)];
      expect(new Set(tokens.map(({ refresh_token }) => refresh_token)).size).toBe(3 * CROWD);
      const told = held.map(({ session_id, user }) => `${session_id} of ${user.id}`);
      expect(await eventsOf(server, 'session_refreshed')).toEqual([...told, ...told].sort());
    }));

  // T-002, T-004, O-089
  test('each is judged for themselves: who is current, a twin, a thief, suspended, signed out, or somebody else’s', () =>
    withServer(kind, async (server) => {
      const names = ['current', 'twin', 'robbed', 'suspended', 'left', 'other'];
      const [current, twin, robbed, suspended, left, other] = (await signInMany(server, names)) as [
        Held,
        Held,
        Held,
        Held,
        Held,
        Held,
      ];
      await refresh(server, robbed);
      server.clock.advance(GRACE_IS_OVER_MS);
      const user = `/api/admin/clients/default/users/${suspended.user.id}`;
      expect((await server.askAsOwner(user, { method: 'PATCH', body: { status: 'suspended' } })).status).toBe(200);
      const out = { refresh_token: left.refresh_token };
      expect((await server.ask('/api/auth/logout', { body: out })).status).toBe(200);
      const mixed = { session_id: current.session_id, refresh_token: other.refresh_token };
      const asked = [current, twin, twin, robbed, suspended, left, mixed, other];
      const answers = await Promise.all(asked.map((one) => refresh(server, one)));
      const words = answers.map(({ status, body }) => (status === 200 ? 'refreshed' : body.error));
      expect(words).toEqual([
        'refreshed',
        'refreshed',
        'refreshed',
        'refresh_token_reused',
        'session_invalidated',
        'session_invalidated',
        'invalid_refresh_token',
        'refreshed',
      ]);
      expect(answers[1]?.body.refresh_token).toBe(answers[2]?.body.refresh_token);
      expect(await eventsOf(server, 'refresh_token_reuse')).toEqual([`${robbed.session_id} of ${robbed.user.id}`]);
    }));

  if (kind.name === 'SQLite') return;

  test('nobody waits for a session that another transaction holds, but its own holder', () =>
    withServer(kind, async (server, url) => {
      const held = await signInMany(server, ['stuck', 'free1', 'free2', 'free3']);
      const [stuck, ...free] = held as [Held, ...Held[]];
      const holder = new pg.Client(url);
      await holder.connect();
      try {
        await holder.query('begin');
        await holder.query('select id from sessions where id = $1 for update', [stuck.session_id]);
        const waiting = refresh(server, stuck);
        const answers = await Promise.all(free.map((one) => refresh(server, one)));
        expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
        await holder.query('commit');
        expect((await waiting).status).toBe(200);
      } finally {
        await holder.end();
      }
    }));

  test('the first refresh of a session stays on the page it was written to, however full that is', () =>
    withServer(kind, async (server, url) => {
      const held = await signInMany(
        server,
        Array.from({ length: CROWD }, (_, i) => `settler${i}`),
      );
      const client = new pg.Client(url);
      await client.connect();
      try {
        const pages = async () => {
          const { rows } = await client.query('select id, (ctid::text::point)[0] as page from sessions');
          return new Map<string, number>(rows.map(({ id, page }) => [id, page]));
        };
        const before = await pages();
        expect(Math.max(...before.values())).toBeGreaterThan(0);
        const onFullPage = held.find(({ session_id }) => before.get(session_id) === 0) as Held;
        expect((await refresh(server, onFullPage)).status).toBe(200);
        expect((await pages()).get(onFullPage.session_id)).toBe(0);
      } finally {
        await client.end();
      }
    }));
});
