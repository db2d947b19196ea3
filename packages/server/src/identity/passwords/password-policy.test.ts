import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { isCommonPassword } from './common-passwords.ts';
import { judgePassword, minimumLength } from './password-policy.ts';

const names = ['grace.hopper@example.com', 'Amazing Grace', 'Gatehouse'];
const judge = (password: string, minimum = 8) =>
  judgePassword({ password, minimum, names, isCommon: isCommonPassword });

// A-003, N-01
test('the least length depends on what else is asked for', () => {
  expect(minimumLength({ profile: 'standard', isOnlyFactor: true })).toBe(8);
  expect(minimumLength({ profile: 'nist', isOnlyFactor: false })).toBe(8);
  expect(minimumLength({ profile: 'nist', isOnlyFactor: true })).toBe(15);
});

// A-003, N-01, N-02, A-008, A-009
test.each([
  ['seven characters', 'a1b2c3d', 'too_short'],
  ['eight characters', 'a1b2c3de', null],
  ['seven emoji', `${'👍🏔'.repeat(3)}🐘`, 'too_short'],
  ['sixty-four emoji', `${'👍🏔🐘🎈'.repeat(15)}🐘🐘🐘🐘`, null],
  ['256 characters', 'correct horse battery staple'.repeat(10).slice(0, 256), null],
  ['257 characters', 'correct horse battery staple'.repeat(10).slice(0, 257), 'too_long'],
  ['a megabyte', 'x'.repeat(1_000_000), 'too_long'],
  ['half a character', `abcdef\ud800gh`, 'not_text'],
])('%s: %3$s', (_title, password, flaw) => {
  expect(judge(password)).toBe(flaw);
});

// N-02
test('a code point counts as one, however many bytes it takes', () => {
  expect(judge('👍'.repeat(15), 15)).toBe('repeated');
  expect(judge('👍'.repeat(14), 15)).toBe('too_short');
});

// A-006, N-04
test.each([
  '               a',
  'correcthorsebatterystaple',
  '正確な馬のバッテリー',
  '🦊🐢🍄🌵🧭🪁🛶🎺',
  '918273645546372819',
  'AlLoWeD one',
])('there are no rules of composition: %j is taken', (password) => {
  expect(judge(password)).toBeNull();
});

// A-005, N-05
test.each(['password', 'PassWord', 'iloveyou', '1qaz2wsx', 'q1w2e3r4t5'])(
  '%s is tried first by everybody',
  (password) => {
    expect(judge(password)).toBe('common');
  },
);

//
test('every password of the list is refused', () => {
  const list = readFileSync(new URL('../../../assets/common-passwords.txt', import.meta.url), 'utf8')
    .trim()
    .split('\n');
  expect(list.length).toBeGreaterThan(10_000);
  expect(list.filter((password) => judge(password) === null)).toEqual([]);
});

test.each([
  ['aaaaaaaaaa', 'repeated'],
  ['abcabcabcab', 'repeated'],
  ['wxyzwxyzwxyz', 'repeated'],
  ['bcdefghijk', 'sequence'],
  ['98765432', 'sequence'],
  //
  ['Grace.Hopper', 'personal'],
  ['grace.hopper@example.com', 'personal'],
  ['amazing grace', 'personal'],
  ['GATEHOUSE', 'personal'],
])('%s is %s', (password, flaw) => {
  expect(judge(password)).toBe(flaw);
});

// N-05
test('the password is compared as a whole, never in part', () => {
  expect(judge('password of the gatehouse')).toBeNull();
});
