import { expect, test } from 'vitest';
import { shareRuns } from './share-runs.ts';

/** Runs that end when they are told to, each answering its number. */
function createRuns() {
  const ends: { resolve(value: number): void; reject(error: Error): void }[] = [];
  const ask = shareRuns(() => new Promise<number>((resolve, reject) => ends.push({ resolve, reject })));
  return { ask, ends };
}

test('whoever asks while a run is under way shares the next one', async () => {
  const { ask, ends } = createRuns();
  const first = ask();
  const others = [ask(), ask(), ask()];
  expect(ends).toHaveLength(1);
  ends[0]?.resolve(1);
  expect(await first).toBe(1);
  await Promise.resolve();
  expect(ends).toHaveLength(2);
  const late = ask();
  ends[1]?.resolve(2);
  expect(await Promise.all(others)).toEqual([2, 2, 2]);
  await Promise.resolve();
  ends[2]?.resolve(3);
  expect(await late).toBe(3);
});

test('one who asks when nothing is under way begins a run', async () => {
  const { ask, ends } = createRuns();
  const first = ask();
  ends[0]?.resolve(1);
  await first;
  const second = ask();
  ends[1]?.resolve(2);
  expect(await second).toBe(2);
});

test('a run that fails is its own askers’ failure only', async () => {
  const { ask, ends } = createRuns();
  const [first, second] = [ask(), ask()];
  ends[0]?.reject(new Error('broken'));
  await expect(first).rejects.toThrow('broken');
  await Promise.resolve();
  ends[1]?.resolve(2);
  expect(await second).toBe(2);
});
