import { expect, test } from 'vitest';
import { MOST_IN_A_ROW, retryAfterSeconds } from './lockout-policy.ts';

const START = 1_000_000;

test.each([
  ['nothing is known', null, START, 900],
  ['the window has just begun', { failures: 10, windowStartedAt: START }, START, 900],
  ['half of the window is over', { failures: 10, windowStartedAt: START }, START + 450_000, 450],
  ['the window ends now', { failures: 10, windowStartedAt: START }, START + 899_999, 1],
  // N-10
  ['the authenticator is shut', { failures: MOST_IN_A_ROW, windowStartedAt: START }, START + 899_999, 900],
])('when %s, come back later', (...[_title, counted, now, seconds]) => {
  expect(retryAfterSeconds(counted, now)).toBe(seconds);
});

// N-10
test('no authenticator takes more than a hundred wrong guesses', () => {
  expect(MOST_IN_A_ROW).toBeLessThanOrEqual(100);
});
