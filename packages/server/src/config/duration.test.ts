import { describe, expect, it } from 'vitest';
import { formatDuration, parseDuration } from './duration.ts';

describe('a duration', () => {
  it.each([
    ['0', 0],
    ['10s', 10],
    ['15m', 900],
    ['168h', 604_800],
    ['7d', 604_800],
  ] as const)('reads %s', (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds);
  });

  it.each(['', '10', '-1s', '1.5h', '1w', ' 1s', '1S', '1s1s', '9999999999d', 'constructor'])('refuses %j', (text) => {
    expect(parseDuration(text)).toBeNull();
  });

  it('is written in the largest whole unit', () => {
    expect([0, 59, 60, 5400, 86_400].map(formatDuration)).toEqual(['0s', '59s', '1m', '90m', '1d']);
  });
});
