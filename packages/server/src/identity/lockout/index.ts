/**
 * Lockout: how often somebody may guess at a password or a one-time code (D16, NIST SP 800-63B-4 §3.2.2). A guess is counted before it
 * is looked at, in the database, so the count survives restarts and holds on every node. So many in a window as the configuration or the
 * client says, from all strange networks together; then the authenticator rests. A network the owner signed in from before has as many of its
 * own, so that strangers cannot keep the owner out (T-023). After a hundred in a row the authenticator is shut until somebody resets it. A
 * success resets its own count only.
 */

export { type LockoutRules, NOBODY } from './lockout-policy.ts';
export { clearGuesses, forgetStale, forgiveGuesses } from './store.ts';
export { type Authenticator, type Guessing, type LockoutDeps, takeGuess } from './take-guess.ts';
