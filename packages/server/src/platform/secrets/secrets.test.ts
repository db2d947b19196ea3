import { expect, test } from 'vitest';
import {
  callerSecret,
  createVault,
  openWithSecret,
  parseCallerSecret,
  randomCode,
  sameSecret,
  sealWithSecret,
  UnreadableSecret,
} from './index.ts';

const ID = '01234567-89ab-7000-8000-0123456789ab';

test('what is sealed for one purpose opens for that purpose only', () => {
  const vault = createVault('a'.repeat(32));
  const sealed = vault.seal('smtp-password', 'hunter2');
  expect(sealed).not.toContain('hunter2');
  expect(vault.open('smtp-password', sealed)).toBe('hunter2');
  expect(() => vault.open('signing-key', sealed)).toThrow(UnreadableSecret);
});

test('sealing the same text twice gives two different values', () => {
  const vault = createVault('a'.repeat(32));
  expect(vault.seal('x', 'same')).not.toBe(vault.seal('x', 'same'));
});

test('a changed byte, a cut and nonsense do not open', () => {
  const vault = createVault('a'.repeat(32));
  const sealed = vault.seal('x', 'text');
  const flipped = (sealed[0] === 'A' ? 'B' : 'A') + sealed.slice(1);
  for (const bad of [flipped, sealed.slice(0, 12), '', 'x']) {
    expect(() => vault.open('x', bad)).toThrow(UnreadableSecret);
  }
});

test('a changed master secret still opens what the previous one sealed', () => {
  const sealed = createVault('old'.repeat(12)).seal('x', 'text');
  expect(createVault('new'.repeat(12), ['old'.repeat(12)]).open('x', sealed)).toBe('text');
  expect(() => createVault('new'.repeat(12)).open('x', sealed)).toThrow(UnreadableSecret);
});

test('a value sealed with a secret opens with that secret only', () => {
  const sealed = sealWithSecret('presented', 'successor', 'next');
  expect(openWithSecret('presented', 'successor', sealed)).toBe('next');
  expect(openWithSecret('another', 'successor', sealed)).toBeNull();
});

test("a caller's secret is read back by its own kind only", () => {
  const text = callerSecret({ kind: 'rt', id: ID, secret: 's'.repeat(43) });
  expect(parseCallerSecret('rt', text)).toEqual({ kind: 'rt', id: ID, secret: 's'.repeat(43) });
  expect(parseCallerSecret('pk', text)).toBeNull();
});

// O-091
test.each([
  '',
  'gh_rt_',
  `gh_rt_${ID}`,
  `gh_rt_${ID}.`,
  `gh_rt_${ID}.${'x'.repeat(8192)}`,
  `gh_rt_${ID}.a b${'c'.repeat(20)}`,
])('a malformed secret is refused (case %#)', (text) => {
  expect(parseCallerSecret('rt', text)).toBeNull();
});

test('secrets compare equal only when every byte is equal', () => {
  expect(sameSecret('abc', 'abc')).toBe(true);
  expect(sameSecret('abc', 'abd')).toBe(false);
  expect(sameSecret('abc', 'abcd')).toBe(false);
});

//
test('codes are uniform over their digits', () => {
  const counts = new Array<number>(10).fill(0);
  const draws = 100_000;
  for (let i = 0; i < draws; i++) {
    const first = Number(randomCode(6)[0]);
    counts[first] = (counts[first] ?? 0) + 1;
  }
  const expected = draws / 10;
  const chiSquare = counts.reduce((sum, seen) => sum + (seen - expected) ** 2 / expected, 0);
  expect(chiSquare).toBeLessThan(45); // 9 degrees of freedom: exceeded by chance once in a million runs
});
