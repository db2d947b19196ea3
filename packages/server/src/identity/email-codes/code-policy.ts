/** Guesses that are looked at for one code; further ones are refused unseen. */
export const MOST_ATTEMPTS = 5;

/** Wrong guesses in a row, over all codes of an address, after which codes stop working there (N-10: at most 100). */
export const MOST_FAILURES = 100;

export const CODE_DIGITS = 6;

/** Tries left to tell the person at the page; never below zero. */
export function triesLeft(attempts: number): number {
  return Math.max(0, MOST_ATTEMPTS - attempts);
}
