import { expect, test } from 'vitest';
import type { Database } from '../database/index.ts';
import { createRateLimit, networkOf } from './index.ts';

const LIMIT = { name: 'mail', most: 3, windowSeconds: 60 };
const unused = {} as Database;

test('a key is refused after its allowance and allowed again in the next window', async () => {
  let now = 1_000;
  const limit = createRateLimit({ clock: { now: () => now }, store: 'memory', database: unused });
  for (let i = 0; i < 3; i++) expect((await limit.use(LIMIT, 'a')).allowed).toBe(true);
  expect(await limit.use(LIMIT, 'a')).toEqual({ allowed: false, retryAfterSeconds: 59 });
  expect((await limit.use(LIMIT, 'b')).allowed).toBe(true);
  now = 60_000;
  expect((await limit.use(LIMIT, 'a')).allowed).toBe(true);
});

test('looking does not count', async () => {
  const limit = createRateLimit({ clock: { now: () => 0 }, store: 'memory', database: unused });
  for (let i = 0; i < 10; i++) expect((await limit.look(LIMIT, 'a')).allowed).toBe(true);
  for (let i = 0; i < 3; i++) await limit.use(LIMIT, 'a');
  expect((await limit.look(LIMIT, 'a')).allowed).toBe(false);
});

// T-024
test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:aaaa::1', '2001:db8:1:2::/64'],
  ['2001:0db8:0001:0002:bbbb:0:0:2', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
])('the limit of %s is keyed by %s', (ip, key) => {
  expect(networkOf(ip)).toBe(key);
});
