import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAdministrator, login, type Person } from '../../../test/kit/administrators.ts';
import { databaseKinds } from '../../../test/kit/databases.ts';
import { startTestServer, type TestServer } from '../../../test/kit/test-server.ts';
import { forgiveGuesses } from './store.ts';
import { takeGuess } from './take-guess.ts';

describe.each(databaseKinds())('what guessing leads to, on $name', ({ create }) => {
  let server: TestServer;
  let database: Awaited<ReturnType<typeof create>>;
  let person: Person;
  let subjects = 0;

  beforeAll(async () => {
    database = await create();
    server = await startTestServer({ database: database.url });
    person = await createAdministrator(server, 'owner@example.com');
  });
  afterAll(async () => {
    await server.close();
    database.forget();
  });

  const configure = (lockout: object | null) =>
    server.askAsOwner('/api/admin/config', { method: 'PATCH', body: { lockout } });

  const configureClient = (id: string, lockout: object | null) =>
    server.askAsOwner(`/api/admin/clients/${id}`, { method: 'PATCH', body: { settings: { lockout } } });

  async function createClient(name: string): Promise<string> {
    return (await server.askAsOwner('/api/admin/clients', { body: { name } })).body.client.id;
  }

  /** Guesses at somebody new until one is refused; how many were looked at, and when to come back. */
  async function guess(clientId: string, subject: string): Promise<{ looked: number; retryAfter: number }> {
    const { base } = server.house.rooms;
    const client = await base.clients.find(clientId);
    if (!client) throw new Error('no such client');
    const guessing = { client, subject, authenticator: 'password', network: null } as const;
    for (let looked = 0; looked <= 100; looked++) {
      const verdict = await base.database.write((tx) => takeGuess({ ...base, tx }, guessing));
      if (!verdict.allowed) return { looked, retryAfter: verdict.retryAfterSeconds };
    }
    return { looked: 101, retryAfter: 0 };
  }

  const stranger = () => `stranger-${++subjects}`;

  // R172
  test('guesses and right answers of one person at once wait for each other in one order, and never for each other', async () => {
    const { base } = server.house.rooms;
    const client = await base.clients.administrators();
    const guessing = { client, subject: stranger(), authenticator: 'password', network: '203.0.113.7' } as const;
    const counter = {
      client_id: client.id,
      subject: guessing.subject,
      authenticator: 'password',
      place: guessing.network,
    };
    let runs = 0;
    const take = () =>
      base.database.write((tx) => {
        runs++;
        return takeGuess({ ...base, tx }, guessing);
      });
    const forgive = () =>
      base.database.write((tx) => {
        runs++;
        return forgiveGuesses(tx, { ...counter, now: server.clock.now() });
      });
    await forgive();
    for (let round = 0; round < 20; round++) await Promise.all([take(), forgive(), take(), forgive()]);
    // A deadlock is broken by the database after a second, and the transaction that it ended runs again.
    expect(runs).toBe(81);
  });

  // R172
  test('administrators are guessed at as often as the configuration says now, without a restart', async () => {
    const statuses = async (times: number) => {
      const seen: number[] = [];
      for (let turn = 0; turn < times; turn++) seen.push((await login(server, person.email, 'wrong')).status);
      return seen;
    };
    server.clock.advance(900_000);
    expect((await configure({ max_failures: 3, window_seconds: 60, lockout_seconds: 120 })).status).toBe(200);
    expect(await statuses(4)).toEqual([401, 401, 401, 429]);
    const refused = await login(server, person.email);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '120']);
    server.clock.advance(119_000);
    expect((await login(server, person.email)).status).toBe(429);
    server.clock.advance(1_000);
    expect((await login(server, person.email)).status).toBe(200);
    await configure(null);
    expect(await statuses(11)).toEqual([...Array.from({ length: 10 }, () => 401), 429]);
  });

  // D16
  test('a client’s own values win over the installation’s, field by field, and only for its own users', async () => {
    const [own, other] = [await createClient('Own lockout'), await createClient('No lockout of its own')];
    await configure({ max_failures: 5, lockout_seconds: 300 });
    await configureClient(own, { max_failures: 4 });
    expect(await guess(own, stranger())).toEqual({ looked: 4, retryAfter: 300 });
    expect(await guess(other, stranger())).toEqual({ looked: 5, retryAfter: 300 });
    await configureClient(own, { max_failures: 7, lockout_seconds: 90 });
    expect(await guess(own, stranger())).toEqual({ looked: 7, retryAfter: 90 });
    await configureClient(own, null);
    expect(await guess(own, stranger())).toEqual({ looked: 5, retryAfter: 300 });
    await configure(null);
  });

  test('a window that did not become full is over after its own time', async () => {
    const client = await createClient('Short windows');
    await configureClient(client, { max_failures: 3, window_seconds: 60, lockout_seconds: 600 });
    const subject = stranger();
    const { base } = server.house.rooms;
    const found = await base.clients.find(client);
    if (!found) throw new Error('no such client');
    const once = () =>
      base.database.write((tx) =>
        takeGuess({ ...base, tx }, { client: found, subject, authenticator: 'totp', network: null }),
      );
    await once();
    await once();
    server.clock.advance(60_000);
    expect([await once(), await once(), await once()].map(({ allowed }) => allowed)).toEqual([true, true, true]);
    expect(await once()).toEqual({ allowed: false, retryAfterSeconds: 600 });
  });

  // N-10
  test('without a lockout an authenticator is still shut after a hundred in a row', async () => {
    const client = await createClient('Never locked');
    await configureClient(client, { enabled: false });
    expect((await guess(client, stranger())).looked).toBe(100);
  });

  test.each([
    [{ max_failures: 2 }, 'settings.lockout.max_failures'],
    [{ max_failures: 101 }, 'settings.lockout.max_failures'],
    [{ window_seconds: 59 }, 'settings.lockout.window_seconds'],
    [{ lockout_seconds: '60' }, 'settings.lockout.lockout_seconds'],
    [{ minutes: 5 }, 'settings.lockout.minutes'],
    [{ window_seconds: 3600, lockout_seconds: 60 }, 'settings.lockout.lockout_seconds'],
  ])('a client cannot have the lockout %j', async (lockout, field) => {
    const answer = await server.askAsOwner('/api/admin/clients/default', {
      method: 'PATCH',
      body: { settings: { lockout } },
    });
    expect([answer.status, answer.body.details?.[0]?.field]).toEqual([400, field]);
  });
});
