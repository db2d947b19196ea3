import type { FakeClock } from './fake-clock.ts';

/** The machine's own time, for tests with programs that read it themselves; `advance` moves this clock ahead of it. */
export function createRunningClock(): FakeClock {
  let aheadMs = 0;
  return {
    now: () => Date.now() + aheadMs,
    advance: (ms) => {
      aheadMs += ms;
    },
  };
}
