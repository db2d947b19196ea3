import { expect, test } from 'vitest';
import { judgeRotation, type RotationFacts } from './rotation-policy.ts';

const facts: RotationFacts = {
  now: 100_000,
  presentedHash: 'present',
  refreshHash: 'present',
  previousHash: 'previous',
  replacedAt: 95_000,
  endedAt: null,
  expiresAt: 200_000,
  lastUsedAt: 95_000,
  idleTtlMs: null,
  graceMs: 10_000,
  userActive: true,
};

const cases: [string, Partial<RotationFacts>, string][] = [
  ['the token in force rotates', {}, 'rotate'],
  // O-082
  ['the one just replaced repeats its successor', { presentedHash: 'previous' }, 'repeat'],
  ['at the last millisecond of the window', { presentedHash: 'previous', now: 104_999 }, 'repeat'],
  ['after the window it is reuse', { presentedHash: 'previous', now: 105_000 }, 'reused'],
  // O-084
  ['without a window every replaced token is reuse', { presentedHash: 'previous', graceMs: 0 }, 'reused'],
  // O-083
  ['the one before the replaced one is reuse even inside the window', { presentedHash: 'older' }, 'reused'],
  [
    'the first token cannot be confused with a missing predecessor',
    { presentedHash: 'x', previousHash: null, replacedAt: null },
    'reused',
  ],
  // O-088
  ['at its absolute end the session is over', { now: 200_000 }, 'ended'],
  ['after its idle bound the session is over', { idleTtlMs: 5_000 }, 'ended'],
  ['within its idle bound it is not', { idleTtlMs: 5_001 }, 'rotate'],
  ['an ended session stays ended', { endedAt: 1 }, 'ended'],
  // O-089
  ['a suspended user is refused', { userActive: false }, 'ended'],
  ['a reused token of an ended session is no new alarm', { presentedHash: 'older', endedAt: 1 }, 'ended'],
];

test.each(cases)('%s', (_title, change, verdict) => {
  expect(judgeRotation({ ...facts, ...change })).toBe(verdict);
});
