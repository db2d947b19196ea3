/** Guesses that are looked at within one window, before the rest of the window is refused. */
export const MOST_IN_WINDOW = 10;
export const WINDOW_MS = 900_000;

/** Wrong guesses in a row after which an authenticator is shut (N-10: at most 100). */
export const MOST_IN_A_ROW = 100;

/** How long a network counts as known after a sign-in from there. */
export const KNOWN_FOR_MS = 90 * 86_400_000;

/** How the subject begins that stands for an identifier that is nobody's. */
export const NOBODY = 'nobody:';

/** What is known of one place's guesses. */
export interface CountedGuesses {
  failures: number;
  windowStartedAt: number;
}

/**
 * When to come back after a refusal, in seconds. A shut authenticator answers as a locked one does: the difference would tell a stranger
 * that there is something to guess at.
 */
export function retryAfterSeconds(counted: CountedGuesses | null, now: number): number {
  if (!counted || counted.failures >= MOST_IN_A_ROW) return WINDOW_MS / 1000;
  return Math.max(1, Math.ceil((counted.windowStartedAt + WINDOW_MS - now) / 1000));
}
