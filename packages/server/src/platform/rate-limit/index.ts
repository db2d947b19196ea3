/**
 * Rate limits count what costs or hurts (sends, failures), never ordinary use: a back end that refreshes thousands of
 * sessions from one address is not limited by anything here. Fixed windows, kept in memory for one process or in the database
 * for several. When the store cannot be reached the answer is "no" (T-025): a limit that fails open is no limit.
 */
import type { Clock } from '../clock/index.ts';
import type { Database } from '../database/index.ts';
import type { Count } from './count.ts';
import { countInDatabase } from './count-in-database.ts';
import { createMemoryCounter } from './count-in-memory.ts';
import type { Limit, LimitVerdict } from './limit.ts';

export type { Limit, LimitVerdict } from './limit.ts';
export { requireAllowed } from './require-allowed.ts';
export { forgetEnded } from './store.ts';

export interface RateLimit {
  /** Counts one use of `key` and says whether it was within the limit. */
  use(limit: Limit, key: string): Promise<LimitVerdict>;
  /** Says whether one more use would be within the limit, without counting it. */
  look(limit: Limit, key: string): Promise<LimitVerdict>;
}

export interface RateLimitDeps {
  clock: Clock;
  store: 'memory' | 'database';
  database: Database;
}

export function createRateLimit({ clock, store, database }: RateLimitDeps): RateLimit {
  const count: Count = store === 'memory' ? createMemoryCounter(clock) : countInDatabase(database);
  const verdict = async (limit: Limit, key: string, amount: 0 | 1): Promise<LimitVerdict> => {
    const now = clock.now();
    const windowMs = limit.windowSeconds * 1000;
    const endsAt = (Math.floor(now / windowMs) + 1) * windowMs;
    const uses = await count(`${limit.name}:${key}`, endsAt, amount);
    if (uses + (amount === 0 ? 1 : 0) <= limit.most) return { allowed: true };
    return { allowed: false, retryAfterSeconds: Math.max(1, Math.ceil((endsAt - now) / 1000)) };
  };
  return {
    use: (limit, key) => verdict(limit, key, 1),
    look: (limit, key) => verdict(limit, key, 0),
  };
}

/** The part of an address a limit is keyed by: all of IPv4, the /64 of IPv6, which one household holds whole. */
export function networkOf(ip: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip);
  if (mapped) return mapped[1] ?? ip;
  if (!ip.includes(':')) return ip;
  const [head = '', tail] = ip.toLowerCase().split('%')[0]?.split('::') ?? [];
  const left = head === '' ? [] : head.split(':');
  const right = tail ? tail.split(':') : [];
  const zeros = tail === undefined ? [] : new Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0');
  const groups = [...left, ...zeros, ...right].map((group) => group.replace(/^0+(?=.)/, ''));
  return `${groups.slice(0, 4).join(':')}::/64`;
}
