import { expect, test } from 'vitest';
import { fitting, pauseMs } from './stream-policy.ts';

// R349
test('a batch is tried a few times quickly, then ever more rarely, at least every five minutes', () => {
  expect([1, 2, 3, 4, 5, 6, 7, 50].map((failures) => pauseMs(failures, 3))).toEqual([
    1000, 2000, 30_000, 60_000, 120_000, 240_000, 300_000, 300_000,
  ]);
});

test('a request holds less than a megabyte and less than a day', () => {
  const event = { bytes: 300_000, at: 0 };
  expect(fitting([event, event, event, event])).toBe(3);
  expect(fitting([event, { ...event, at: 24 * 3_600_000 }])).toBe(1);
  expect(fitting([{ bytes: 5_000_000, at: 0 }, event])).toBe(1);
  expect(fitting([])).toBe(0);
});
