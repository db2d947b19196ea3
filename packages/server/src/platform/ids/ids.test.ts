import { expect, test } from 'vitest';
import { createIds, isId } from './index.ts';

test('identifiers are version 7 UUIDs that carry the time of the clock', () => {
  const newId = createIds({ now: () => 0x0123456789ab });
  const id = newId();
  expect(id.startsWith('01234567-89ab-7')).toBe(true);
  expect(id[19]).toMatch(/[89ab]/);
  expect(isId(id)).toBe(true);
});

test('ten thousand identifiers of one millisecond are all different and ascend', () => {
  const newId = createIds({ now: () => 1 });
  const made = Array.from({ length: 10_000 }, newId);
  expect(new Set(made).size).toBe(10_000);
  expect([...made].sort()).toEqual(made);
});

test('a clock that is set back does not set identifiers back', () => {
  let now = 1_000;
  const newId = createIds({ now: () => now });
  const before = newId();
  now = 500;
  expect(newId() > before).toBe(true);
});

// T-034
test('the part of an identifier nobody can count to is at least 62 bits', () => {
  const newId = createIds({ now: () => 1 });
  const tails = Array.from({ length: 1_000 }, () => newId().slice(19));
  expect(new Set(tails).size).toBe(1_000);
});

test.each(['', 'x', '01234567-89AB-7000-8000-000000000000', "' or 1=1 --"])('%j is not an identifier', (text) => {
  expect(isId(text)).toBe(false);
});
