import type { Client } from '../../tenancy/clients/index.ts';

/** Wrong guesses in a row after which an authenticator is shut, whatever the configuration says (N-10: at most 100). */
export const MOST_IN_A_ROW = 100;

/** How long a network counts as known after a sign-in from there. */
export const KNOWN_FOR_MS = 90 * 86_400_000;

/** How the subject begins that stands for an identifier that is nobody's. */
export const NOBODY = 'nobody:';

/** What guessing leads to. */
export interface LockoutRules {
  readonly enabled: boolean;
  /** Guesses that are looked at within one window; then the authenticator rests. */
  readonly maxFailures: number;
  readonly windowMs: number;
  readonly lockoutMs: number;
}

/** More guesses than a window ever sees, and less than a column of integers holds. */
const UNLIMITED = 1_000_000_000;

/** The limits in force for one client. */
export interface Limits {
  most: number;
  windowMs: number;
  lockoutMs: number;
}

/** A lockout shorter than this part of the window would leave a guesser hardly slower than without any. */
const LEAST_LOCKOUT = 1 / 10;

/**
 * What a client says for itself wins, field by field, over the installation (D16). Each of the two keeps the lockout in proportion to the window;
 * here it is kept for what comes of both.
 */
export function limitsFor(installation: LockoutRules, { settings }: Pick<Client, 'settings'>): Limits {
  const own = settings.lockout ?? {};
  const isOn = own.enabled ?? installation.enabled;
  const windowMs = own.window_seconds === undefined ? installation.windowMs : own.window_seconds * 1000;
  const lockoutMs = own.lockout_seconds === undefined ? installation.lockoutMs : own.lockout_seconds * 1000;
  return {
    most: isOn ? (own.max_failures ?? installation.maxFailures) : UNLIMITED,
    windowMs,
    lockoutMs: Math.max(lockoutMs, windowMs * LEAST_LOCKOUT),
  };
}

/** What is known of one place's guesses. */
export interface CountedGuesses {
  failures: number;
  windowStartedAt: number;
}

/**
 * When to come back after a refusal, in seconds. A shut authenticator answers as a locked one does: the difference would tell a stranger
 * that there is something to guess at.
 */
export function retryAfterSeconds(counted: CountedGuesses | null, lockoutMs: number, now: number): number {
  if (!counted || counted.failures >= MOST_IN_A_ROW) return lockoutMs / 1000;
  return Math.max(1, Math.ceil((counted.windowStartedAt + lockoutMs - now) / 1000));
}
