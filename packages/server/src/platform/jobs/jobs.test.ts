import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { databaseKinds } from '../../../test/kit/databases.ts';
import { createFakeClock } from '../../../test/kit/fake-clock.ts';
import { migrations } from '../../migrations/index.ts';
import { type Database, migrate, openDatabase } from '../database/index.ts';
import { createIds } from '../ids/index.ts';
import { createVault } from '../secrets/index.ts';
import { createJobs, retryDelayMs } from './index.ts';

const HOUR = 3_600_000;

describe.each(databaseKinds())('jobs on $name', (kind) => {
  let database: Database;
  let forget: () => void;
  const clock = createFakeClock();
  const failures: { kind: string; attempts: number; final: boolean }[] = [];
  const node = () =>
    createJobs({
      database,
      clock,
      newId: createIds(clock),
      vault: createVault('s'.repeat(32)),
      onFailure: ({ kind, attempts, final }) => failures.push({ kind, attempts, final }),
    });

  beforeAll(async () => {
    const created = await kind.create();
    forget = created.forget;
    database = await openDatabase({ url: created.url, poolSize: 5, prepare: true });
    await migrate(database, migrations);
  });
  afterAll(async () => {
    await database.close();
    forget();
  });

  test('a job exists exactly when its transaction was committed', async () => {
    const jobs = node();
    const done: string[] = [];
    jobs.handle<{ name: string }>('note', async ({ name }) => {
      done.push(name);
    });
    await database.write((tx) => jobs.enqueue(tx, { kind: 'note', payload: { name: 'kept' } }));
    const broken = database.write(async (tx) => {
      await jobs.enqueue(tx, { kind: 'note', payload: { name: 'lost' } });
      throw new Error('rolled back');
    });
    await expect(broken).rejects.toThrow('rolled back');
    await jobs.drain();
    expect(done).toEqual(['kept']);
    expect(await jobs.count()).toEqual([]);
  });

  test('two workers that look at once do each job once', async () => {
    const done: number[] = [];
    const [one, two] = [node(), node()];
    for (const worker of [one, two]) {
      worker.handle<{ n: number }>('count', async ({ n }) => {
        done.push(n);
      });
    }
    await database.write(async (tx) => {
      for (let n = 0; n < 50; n++) await one.enqueue(tx, { kind: 'count', payload: { n } });
    });
    await Promise.all([one.drain(), two.drain()]);
    expect(done.sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, n) => n));
  });

  test('a failed job is tried again after a pause', async () => {
    const jobs = node();
    let tries = 0;
    jobs.handle('flaky', async () => {
      tries++;
      if (tries === 1) throw new Error('not yet');
    });
    await database.write((tx) => jobs.enqueue(tx, { kind: 'flaky', payload: {} }));
    await jobs.drain();
    await jobs.drain();
    expect(tries).toBe(1);
    clock.advance(HOUR);
    await jobs.drain();
    expect(tries).toBe(2);
    expect(failures).toContainEqual({ kind: 'flaky', attempts: 1, final: false });
  });

  test('a job that can never succeed is kept as failed and not tried again', async () => {
    const jobs = node();
    let tries = 0;
    jobs.handle('hopeless', async () => {
      tries++;
      throw Object.assign(new Error('no such mailbox'), { permanent: true });
    });
    await database.write((tx) => jobs.enqueue(tx, { kind: 'hopeless', payload: {} }));
    await jobs.drain();
    clock.advance(100 * HOUR);
    await jobs.drain();
    expect(tries).toBe(1);
    expect(await jobs.count()).toMatchObject([{ kind: 'hopeless', failed: 1 }]);
  });

  test('a job whose worker died is done by another once its lease has run out', async () => {
    const dead = node();
    const alive = node();
    const begun = Promise.withResolvers<void>();
    let done = 0;
    dead.handle('lease', () => {
      begun.resolve();
      return new Promise(() => undefined);
    });
    alive.handle('lease', async () => {
      done++;
    });
    await database.write((tx) => dead.enqueue(tx, { kind: 'lease', payload: {} }));
    void dead.drain();
    await begun.promise;
    await alive.drain();
    expect(done).toBe(0);
    clock.advance(61_000);
    await alive.drain();
    expect(done).toBe(1);
  });

  test('a job for later waits for its time', async () => {
    const jobs = node();
    let done = 0;
    jobs.handle('later', async () => {
      done++;
    });
    await database.write((tx) => jobs.enqueue(tx, { kind: 'later', payload: {}, runAt: clock.now() + HOUR }));
    await jobs.drain();
    expect(done).toBe(0);
    clock.advance(HOUR);
    await jobs.drain();
    expect(done).toBe(1);
  });
});

test('pauses double up to a bound and add up to about three days', () => {
  const pauses = Array.from({ length: 19 }, (_, i) => retryDelayMs(i + 1, 0.5));
  expect(pauses.slice(0, 3)).toEqual([2_000, 4_000, 8_000]);
  expect(Math.max(...pauses)).toBe(6 * HOUR);
  const days = pauses.reduce((sum, pause) => sum + pause, 0) / (24 * HOUR);
  expect(days).toBeGreaterThan(1);
  expect(days).toBeLessThan(4);
});
