import { expect, test } from 'vitest';
import { limitsFor, MOST_IN_A_ROW, retryAfterSeconds } from './lockout-policy.ts';

const START = 1_000_000;
const REST_MS = 900_000;
const INSTALLATION = { enabled: true, maxFailures: 10, windowMs: 900_000, lockoutMs: 600_000 };

test.each([
  ['nothing is known', null, START, 900],
  ['the window has just become full', { failures: 10, windowStartedAt: START }, START, 900],
  ['half of the rest is over', { failures: 10, windowStartedAt: START }, START + 450_000, 450],
  ['the rest ends now', { failures: 10, windowStartedAt: START }, START + 899_999, 1],
  // N-10
  ['the authenticator is shut', { failures: MOST_IN_A_ROW, windowStartedAt: START }, START + 899_999, 900],
])('when %s, come back later', (...[_title, counted, now, seconds]) => {
  expect(retryAfterSeconds(counted, REST_MS, now)).toBe(seconds);
});

test.each([
  ['nothing of its own', {}, { most: 10, windowMs: 900_000, lockoutMs: 600_000 }],
  ['a count of its own', { lockout: { max_failures: 3 } }, { most: 3, windowMs: 900_000, lockoutMs: 600_000 }],
  [
    'times of its own',
    { lockout: { window_seconds: 60, lockout_seconds: 120 } },
    { most: 10, windowMs: 60_000, lockoutMs: 120_000 },
  ],
  [
    'a rest that is short for the window of the installation',
    { lockout: { lockout_seconds: 60 } },
    { most: 10, windowMs: 900_000, lockoutMs: 90_000 },
  ],
])('a client with %s', (...[_title, settings, limits]) => {
  expect(limitsFor(INSTALLATION, { settings })).toEqual(limits);
});

test('a client switches its lockout off, or on where the installation has none', () => {
  const off = { ...INSTALLATION, enabled: false };
  expect(limitsFor(INSTALLATION, { settings: { lockout: { enabled: false } } }).most).toBeGreaterThan(1_000_000);
  expect(limitsFor(off, { settings: {} }).most).toBeGreaterThan(1_000_000);
  expect(limitsFor(off, { settings: { lockout: { enabled: true } } }).most).toBe(10);
});

// N-10
test('no authenticator takes more than a hundred wrong guesses', () => {
  expect(MOST_IN_A_ROW).toBeLessThanOrEqual(100);
});
