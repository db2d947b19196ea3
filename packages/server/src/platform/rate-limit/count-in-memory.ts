import type { Clock } from '../clock/index.ts';
import type { Count } from './count.ts';

const MOST_KEYS = 100_000;

/** Counters of one process. Ended windows are swept when the table is full, and the oldest go first after that. */
export function createMemoryCounter(clock: Clock): Count {
  const counters = new Map<string, { endsAt: number; uses: number }>();
  const makeRoom = () => {
    const now = clock.now();
    for (const [key, { endsAt }] of counters) if (endsAt <= now) counters.delete(key);
    for (const key of counters.keys()) {
      if (counters.size < MOST_KEYS) return;
      counters.delete(key);
    }
  };
  return async (key, windowEndsAt, amount) => {
    const known = counters.get(key);
    const uses = (known?.endsAt === windowEndsAt ? known.uses : 0) + amount;
    if (amount === 0) return uses;
    if (!known && counters.size >= MOST_KEYS) makeRoom();
    counters.set(key, { endsAt: windowEndsAt, uses });
    return uses;
  };
}
