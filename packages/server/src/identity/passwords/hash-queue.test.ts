import { availableParallelism } from 'node:os';
import { hash } from '@node-rs/argon2';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { accept, invite, login, PASSWORD } from '../../../test/kit/administrators.ts';
import { startTestServer, type TestServer } from '../../../test/kit/test-server.ts';
import { createQueue, isOutdated } from './hash-queue.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

/** A task that ends when it is told to. */
function createTask() {
  let end = () => {};
  const done = new Promise<void>((resolve) => {
    end = resolve;
  });
  const state = { started: false };
  const run = async () => {
    state.started = true;
    await done;
  };
  return { state, run, end };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('tasks run so many at once, the others in the order they came, and the rest is refused', async () => {
  const inTurn = createQueue(1, 2);
  const tasks = [createTask(), createTask(), createTask()];
  const results = tasks.map((task) => inTurn(task.run));
  await expect(inTurn(async () => 'too many')).rejects.toMatchObject({
    code: 'rate_limited',
    headers: { 'retry-after': '2' },
  });
  const started = () => tasks.map((task) => task.state.started);
  expect(started()).toEqual([true, false, false]);
  tasks[0]?.end();
  await turn();
  expect(started()).toEqual([true, true, false]);
  tasks[1]?.end();
  tasks[2]?.end();
  await Promise.all(results);
  expect(await inTurn(async () => 'free again')).toBe('free again');
});

test('a task that fails gives its place away too', async () => {
  const inTurn = createQueue(1, 1);
  const failing = inTurn(async () => {
    throw new Error('broken');
  });
  const next = inTurn(async () => 'next');
  await expect(failing).rejects.toThrow('broken');
  expect(await next).toBe('next');
});

// N-08
test.each([
  ['$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA', false],
  ['$argon2id$v=19$m=65536,t=3,p=1$c2FsdA$aGFzaA', false],
  ['$argon2id$v=19$m=4096,t=2,p=1$c2FsdA$aGFzaA', true],
  ['$argon2id$v=19$m=19456,t=1,p=1$c2FsdA$aGFzaA', true],
  ['$2b$12$something', true],
])('the hash %s is outdated: %s', (stored, outdated) => {
  expect(isOutdated(stored)).toBe(outdated);
});

// N-08
test('a hash of less work is replaced at the next sign-in', async () => {
  await accept(server, await invite(server, 'old-hash@example.com'));
  const { database, vault } = server.house.ground;
  const weak = await hash(PASSWORD, { memoryCost: 4096, timeCost: 1, parallelism: 1 });
  const hash_sealed = vault.seal('password', weak);
  await database.write((tx) => tx.query.updateTable('passwords').set({ hash_sealed }).execute());
  expect((await login(server, 'old-hash@example.com')).status).toBe(200);
  const row = await database.read.query.selectFrom('passwords').selectAll().executeTakeFirstOrThrow();
  expect(vault.open('password', row.hash_sealed)).toContain('m=19456,t=2,p=1');
  expect((await login(server, 'old-hash@example.com')).status).toBe(200);
});

// T-086
test('of hundreds of sign-ins at once some are told to come back, and everything else is answered meanwhile', async () => {
  const long = 'x'.repeat(128);
  const many = Math.max(200, availableParallelism() * 80);
  const flood = Promise.all(Array.from({ length: many }, (_, at) => login(server, `flood-${at}@example.com`, long)));
  let answered = 0;
  const meanwhile = (async () => {
    for (let at = 0; at < 20; at++) if ((await server.ask('/jwks')).status === 200) answered++;
  })();
  await meanwhile;
  expect(answered).toBe(20);
  const answers = await flood;
  const refused = answers.filter((answer) => answer.status === 429);
  expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([401, 429]));
  expect(refused.length).toBeGreaterThan(0);
  expect(refused.every((answer) => Number(answer.headers.get('retry-after')) > 0)).toBe(true);
});
