import { expect, test } from 'vitest';
import { codeOf, stepAt, stepOfCode, writeBase32 } from './one-time-code.ts';

const secret = Buffer.from('12345678901234567890');

// RFC 6238 appendix B, the rows of SHA-1
test.each([
  [59, '94287082'],
  [1_111_111_109, '07081804'],
  [1_111_111_111, '14050471'],
  [1_234_567_890, '89005924'],
  [2_000_000_000, '69279037'],
  [20_000_000_000, '65353130'],
])('at second %i the code is %s', (seconds, code) => {
  expect(codeOf(secret, stepAt(seconds * 1000), 8)).toBe(code);
});

// RFC 4226 appendix D
test('the first counters give the codes of the standard', () => {
  const codes = ['755224', '287082', '359152', '969429', '338314', '254676', '287922', '162583', '399871', '520489'];
  expect(codes.map((_, counter) => codeOf(secret, counter))).toEqual(codes);
});

//
test.each([
  [-2, false],
  [-1, true],
  [0, true],
  [1, true],
  [2, false],
])('the code of %i steps from now is taken: %s', (away, taken) => {
  const now = 1_700_000_000_000;
  const step = stepAt(now) + away;
  expect(stepOfCode(secret, codeOf(secret, step), now)).toBe(taken ? step : null);
});

test.each(['', '12345', '1234567', 'abcdef', '      '])('%j is no code', (code) => {
  expect(stepOfCode(secret, code, 0 + 59_000)).toBeNull();
});

// RFC 4648 §10
test.each([
  ['f', 'MY'],
  ['fo', 'MZXQ'],
  ['foo', 'MZXW6'],
  ['foob', 'MZXW6YQ'],
  ['fooba', 'MZXW6YTB'],
  ['foobar', 'MZXW6YTBOI'],
])('%s in Base32 is %s', (text, written) => {
  expect(writeBase32(Buffer.from(text))).toBe(written);
});
