import { expect, it } from 'vitest';
import { isUsable, refreshDueAt, retryDelayMs } from './refresh-policy.ts';

it.each([
  [900, 600],
  [3_600, 3_300],
  [600, 300],
  [599, 299.5],
  [60, 30],
  [0, 0],
])('a token of %i seconds is due after %f seconds', (lifetime, due) => {
  expect(refreshDueAt({ receivedAt: 1_000, expiresAt: 1_000 + lifetime * 1_000 })).toBe(1_000 + due * 1_000);
});

it('a snapshot is usable when it knows the user and is not due', () => {
  const me = { user_id: 'u', email: 'e', webauthn_credentials: [], active_sessions: [] };
  const snapshot = { sessionId: 's', accessToken: 'a', refreshToken: 'r', receivedAt: 0, expiresAt: 900_000, me };
  expect(isUsable(snapshot, 599_999)).toBe(true);
  expect(isUsable(snapshot, 600_000)).toBe(false);
  expect(isUsable({ ...snapshot, me: null }, 0)).toBe(false);
  expect(isUsable(null, 0)).toBe(false);
});

it('retries wait longer each time, up to a minute, and the first stays within the server’s grace time', () => {
  expect([1, 2, 3, 10, 2_000].map((failures) => retryDelayMs(failures, 1))).toEqual([
    1_000, 2_000, 4_000, 60_000, 60_000,
  ]);
  expect(retryDelayMs(1, 0)).toBe(500);
});
