import type { Tx } from '../../platform/database/index.ts';
import type { LimitVerdict } from '../../platform/rate-limit/index.ts';
import type { Client } from '../../tenancy/clients/index.ts';
import { KNOWN_FOR_MS, type LockoutRules, limitsFor, MOST_IN_A_ROW, retryAfterSeconds } from './lockout-policy.ts';
import { countGuess, findCount } from './store.ts';

/** What is guessed at; each counts for itself (N-11). */
export type Authenticator = 'password' | 'totp';

export interface Guessing {
  client: Pick<Client, 'id' | 'settings'>;
  /** A user's id, or whatever stands for an identifier that is nobody's: strangers must not see a difference. */
  subject: string;
  authenticator: Authenticator;
  /** Where the guess comes from; null where no network is trusted more than another. */
  network: string | null;
}

export interface LockoutDeps {
  clock: { now(): number };
  lockoutRules: LockoutRules;
}

/** Counts a guess before anybody looks at it, and says whether it may be looked at. */
export async function takeGuess(
  { clock, lockoutRules, tx }: LockoutDeps & { tx: Tx },
  guessing: Guessing,
): Promise<LimitVerdict> {
  const { client, subject, authenticator, network } = guessing;
  const now = clock.now();
  const limits = limitsFor(lockoutRules, client);
  const counter = { client_id: client.id, subject, authenticator, place: network ?? '' };
  const own = network === null ? null : await findCount.first(tx, counter);
  const known = own !== null && own.updated_at > now - KNOWN_FOR_MS;
  if (await countGuess(tx, { ...counter, now, limits }, known)) return { allowed: true };
  const strangers = await findCount.first(tx, { ...counter, place: '' });
  const row = known && (strangers?.failures ?? 0) < MOST_IN_A_ROW ? own : strangers;
  const counted = row && { failures: row.failures, windowStartedAt: row.window_started_at };
  return { allowed: false, retryAfterSeconds: retryAfterSeconds(counted, limits.lockoutMs, now) };
}
