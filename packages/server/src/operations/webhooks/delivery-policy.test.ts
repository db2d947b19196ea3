import { expect, test } from 'vitest';
import { afterFailure, isDown, pauseMs, wantsEvent, windowOf } from './delivery-policy.ts';

const HOUR = 3_600_000;

test('pauses grow from five seconds to four hours and are spread by a tenth', () => {
  expect([1, 2, 3, 8, 50].map((attempts) => pauseMs(attempts, 0.5))).toEqual([
    5000,
    30_000,
    120_000,
    4 * HOUR,
    4 * HOUR,
  ]);
  expect(pauseMs(1, 0)).toBe(4500);
  expect(pauseMs(1, 0.999)).toBe(5499);
});

test('a delivery is tried for its hours, a last time at their end, and then given up', () => {
  const delivery = { attempts: 3, give_up_at: 10_000 };
  const at = { pauseMs: 5000, mostAttempts: Number.POSITIVE_INFINITY };
  expect(afterFailure(delivery, { ...at, now: 1000 })).toEqual({ dead: false, nextAt: 6000 });
  expect(afterFailure(delivery, { ...at, now: 9000 })).toEqual({ dead: false, nextAt: 10_000 });
  expect(afterFailure(delivery, { ...at, now: 10_000 })).toEqual({ dead: true });
});

// R345
test('a number of attempts ends a delivery before its hours are over', () => {
  const at = { now: 0, pauseMs: 5000, mostAttempts: 3 };
  expect(afterFailure({ attempts: 2, give_up_at: HOUR }, at)).toEqual({ dead: false, nextAt: 5000 });
  expect(afterFailure({ attempts: 3, give_up_at: HOUR }, at)).toEqual({ dead: true });
});

test('an endpoint that failed three times in a row is sent one thing at a time', () => {
  expect([0, 2, 3, 40].map((failures) => windowOf(failures, 4))).toEqual([4, 4, 1, 1]);
  expect(isDown(2)).toBe(false);
});

const endpoint = { id: 'e1', client_id: 'c1' };
const event = { client_id: 'c1', event_type: 'user_created', target_type: 'user', target_id: 'u1' };

test.each([
  [[], true],
  [['*'], true],
  [['user_created'], true],
  [['user_*'], true],
  [['login_success', 'user_*'], true],
  [['user_'], false],
  [['user'], false],
  [['login_*'], false],
])('the filter %j lets user_created through: %s', (events, wanted) => {
  expect(wantsEvent({ ...endpoint, events: JSON.stringify(events) }, event)).toBe(wanted);
});

test("another client's events, and what concerns the endpoint itself, are not sent to it", () => {
  const all = { ...endpoint, events: '[]' };
  expect(wantsEvent(all, { ...event, client_id: 'c2' })).toBe(false);
  expect(wantsEvent(all, { ...event, target_type: 'webhook_endpoint', target_id: 'e1' })).toBe(false);
  expect(wantsEvent(all, { ...event, target_type: 'webhook_endpoint', target_id: 'e2' })).toBe(true);
});
