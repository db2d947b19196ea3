/** A failed job is tried again for about three days. */
export const MOST_ATTEMPTS = 20;

const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 6 * 60 * 60 * 1000;

/** Milliseconds until the attempt after `attempts` failures: doubling, capped, spread by up to a fifth (`random` in [0, 1)). */
export function retryDelayMs(attempts: number, random: number): number {
  const pause = Math.min(FIRST_PAUSE_MS * 2 ** (attempts - 1), LONGEST_PAUSE_MS);
  return Math.round(pause * (0.9 + random * 0.2));
}
