import { expect, onTestFinished, test, vi } from 'vitest';
import { DatabaseUnavailable } from './failures.ts';
import { shareTransactions } from './share-transactions.ts';

/** A database whose transactions end when the test says so. */
function heldTransactions(hasRoom = always) {
  const begun: { asked: readonly number[]; end(): void; fail(error: unknown): void }[] = [];
  const ask = shareTransactions<number, string>(
    (asked) =>
      new Promise((resolve, reject) => {
        begun.push({ asked, end: () => resolve(asked.map((one) => `answer ${one}`)), fail: reject });
      }),
    hasRoom,
  );
  const asked = () => begun.map((one) => one.asked);
  return { ask, begun, asked };
}

const always = () => true;
const turn = () => new Promise(setImmediate);
const upTo = (end: number, from = 0) => Array.from({ length: end - from }, (_, i) => from + i);

test('those who ask in one turn share a transaction and are answered in their order', async () => {
  const { ask, begun, asked } = heldTransactions();
  const answers = Promise.all([ask(1), ask(2), ask(3)]);
  await turn();
  expect(asked()).toEqual([[1, 2, 3]]);
  begun[0]?.end();
  expect(await answers).toEqual(['answer 1', 'answer 2', 'answer 3']);
});

test('those who ask while three are under way wait for the first of them to end', async () => {
  const { ask, begun, asked } = heldTransactions();
  const answers: Promise<string>[] = [];
  for (const one of upTo(6)) {
    answers.push(ask(one));
    await turn();
  }
  expect(asked()).toEqual([[0], [1], [2]]);
  begun[1]?.end();
  expect(await answers[1]).toBe('answer 1');
  await turn();
  await turn();
  expect(asked()).toEqual([[0], [1], [2], [3, 4, 5]]);
  for (const { end } of begun) end();
  expect(await Promise.all(answers)).toEqual(upTo(6).map((one) => `answer ${one}`));
});

test('a transaction is shared by no more than sixty-four', async () => {
  const { ask, begun, asked } = heldTransactions();
  const answers = Promise.all(upTo(200).map(ask));
  await turn();
  expect(asked()).toEqual([upTo(64), upTo(128, 64), upTo(192, 128)]);
  begun[0]?.end();
  await turn();
  await turn();
  expect(asked()).toEqual([upTo(64), upTo(128, 64), upTo(192, 128), upTo(200, 192)]);
  for (const { end } of begun) end();
  expect(await answers).toEqual(upTo(200).map((one) => `answer ${one}`));
});

test('where a transaction could not begin at once, each has their own', async () => {
  const { ask, begun, asked } = heldTransactions(() => false);
  const answers = Promise.all([ask(1), ask(2)]);
  await turn();
  expect(asked()).toEqual([[1], [2]]);
  for (const { end } of begun) end();
  expect(await answers).toEqual(['answer 1', 'answer 2']);
});

//
test('nobody waits longer than a tenth of a second for transactions that are held up', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const { ask, begun, asked } = heldTransactions();
  const answers: Promise<string>[] = [];
  for (const one of upTo(5)) {
    answers.push(ask(one));
    await turn();
  }
  expect(asked()).toEqual([[0], [1], [2]]);
  await vi.advanceTimersByTimeAsync(100);
  expect(asked()).toEqual([[0], [1], [2], [3, 4]]);
  for (const { end } of begun) end();
  expect(await Promise.all(answers)).toEqual(upTo(5).map((one) => `answer ${one}`));
});

test('the trouble of one is not that of the others', async () => {
  const runs: number[][] = [];
  const ask = shareTransactions<number, string>(async (asked) => {
    runs.push([...asked]);
    if (asked.includes(2)) throw new Error('two cannot be stored');
    return asked.map((one) => `answer ${one}`);
  }, always);
  const answers = await Promise.allSettled([ask(1), ask(2), ask(3)]);
  expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect((answers[1] as PromiseRejectedResult).reason.message).toBe('two cannot be stored');
  expect(runs).toEqual([[1, 2, 3], [1], [2], [3]]);
});

test('a lost database is told to all at once, and whoever asks afterwards asks it again', async () => {
  const { ask, begun, asked } = heldTransactions();
  const answers = Promise.allSettled([ask(1), ask(2)]);
  await turn();
  begun[0]?.fail(new DatabaseUnavailable('gone'));
  for (const answer of await answers)
    expect((answer as PromiseRejectedResult).reason).toBeInstanceOf(DatabaseUnavailable);
  const again = ask(3);
  await turn();
  expect(asked()).toEqual([[1, 2], [3]]);
  begun[1]?.end();
  expect(await again).toBe('answer 3');
});
