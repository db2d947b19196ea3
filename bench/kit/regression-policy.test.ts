import { expect, test } from 'vitest';
import { findRegressions } from './regression-policy.ts';

const before = [
  { name: 'refresh', database: 'sqlite', processorMicroseconds: 200 },
  { name: 'refresh', database: 'postgres', processorMicroseconds: 400 },
];
const now = (processorMicroseconds: number) => [{ name: 'refresh', database: 'sqlite', processorMicroseconds }];

test('an operation that costs more than a quarter more CPU is named, with its database', () => {
  expect(findRegressions(before, now(251))).toEqual([
    'refresh on sqlite costs 1.25 times the CPU it did: 251 µs after 200 µs',
  ]);
});

test.each([100, 200, 250])('200 µs that became %d µs are no regression', (microseconds) => {
  expect(findRegressions(before, now(microseconds))).toEqual([]);
});

test('an operation nobody measured before is no regression', () => {
  const fresh = { name: 'fresh', database: 'sqlite', processorMicroseconds: 1_000 };
  expect(findRegressions(before, [...now(200), fresh])).toEqual([]);
});

test.each([
  ['no operation', []],
  ['only operations nobody measured before', [{ name: 'fresh', database: 'sqlite', processorMicroseconds: 1 }]],
])('%s is nothing to pass a check with', (_, measured) => {
  expect(findRegressions(before, measured)).toEqual(['nothing that was measured is among the committed figures']);
});
