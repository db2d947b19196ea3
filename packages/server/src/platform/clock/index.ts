/**
 * The clock: the only place that asks the machine what time it is.
 * Everything else receives a `Clock`, so that a test decides what "now" means.
 */
export interface Clock {
  /** Milliseconds since the epoch, UTC. */
  now(): number;
}

/** The machine's own clock. */
export const systemClock: Clock = { now: () => Date.now() };
