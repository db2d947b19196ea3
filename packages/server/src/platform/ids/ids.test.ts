import { expect, test } from 'vitest';
import { createIds, isId } from './index.ts';

test('identifiers are version 7 UUIDs that carry the time of the clock', () => {
  const newId = createIds({ now: () => 0x0123456789ab });
  const id = newId();
  expect(id.startsWith('01234567-89ab-7')).toBe(true);
  expect(id[19]).toMatch(/[89ab]/);
  expect(isId(id)).toBe(true);
});

test('ten thousand identifiers of one millisecond are all different', () => {
  const newId = createIds({ now: () => 1 });
  expect(new Set(Array.from({ length: 10_000 }, newId)).size).toBe(10_000);
});

test.each(['', 'x', '01234567-89AB-7000-8000-000000000000', "' or 1=1 --"])('%j is not an identifier', (text) => {
  expect(isId(text)).toBe(false);
});
