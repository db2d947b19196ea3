import type { Tx } from '../../platform/database/index.ts';
import type { LimitVerdict } from '../../platform/rate-limit/index.ts';
import { KNOWN_FOR_MS, MOST_IN_A_ROW, retryAfterSeconds } from './lockout-policy.ts';
import { countGuess, findCount } from './store.ts';

/** What is guessed at; each counts for itself (N-11). */
export type Authenticator = 'password' | 'totp';

export interface Guessing {
  clientId: string;
  /** A user's id, or whatever stands for an identifier that is nobody's: strangers must not see a difference. */
  subject: string;
  authenticator: Authenticator;
  /** Where the guess comes from; null where no network is trusted more than another. */
  network: string | null;
}

/** Counts a guess before anybody looks at it, and says whether it may be looked at. */
export async function takeGuess(
  { clock, tx }: { clock: { now(): number }; tx: Tx },
  guessing: Guessing,
): Promise<LimitVerdict> {
  const { clientId, subject, authenticator, network } = guessing;
  const now = clock.now();
  const counter = { client_id: clientId, subject, authenticator, place: network ?? '' };
  const own = network === null ? null : await findCount.first(tx, counter);
  const known = own !== null && own.updated_at > now - KNOWN_FOR_MS;
  if (await countGuess(tx, { ...counter, now }, known)) return { allowed: true };
  const strangers = await findCount.first(tx, { ...counter, place: '' });
  const row = known && (strangers?.failures ?? 0) < MOST_IN_A_ROW ? own : strangers;
  const counted = row && { failures: row.failures, windowStartedAt: row.window_started_at };
  return { allowed: false, retryAfterSeconds: retryAfterSeconds(counted, now) };
}
