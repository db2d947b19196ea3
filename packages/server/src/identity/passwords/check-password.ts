import type { Clock } from '../../platform/clock/index.ts';
import type { Database } from '../../platform/database/index.ts';
import { requireAllowed } from '../../platform/rate-limit/index.ts';
import type { Vault } from '../../platform/secrets/index.ts';
import { forgiveGuesses, type Guessing, NOBODY, takeGuess } from '../lockout/index.ts';
import type { PasswordHasher } from './hash-queue.ts';
import { findPassword, replaceHash } from './store.ts';

export interface PasswordCheckDeps {
  clock: Clock;
  database: Database;
  vault: Vault;
  hasher: PasswordHasher;
}

export interface PasswordCheck {
  clientId: string;
  /** Null when the identifier is nobody's. */
  userId: string | null;
  /** What was typed, in normal form: counts guesses where there is no user to count them for. */
  identifier: string;
  password: string;
  network: string;
}

/** Who guesses are counted for: strangers get the same limits as users, or the limit would tell them apart (T-032). */
function subjectOf({ vault }: PasswordCheckDeps, { clientId, userId, identifier }: PasswordCheck): string {
  return userId ?? `${NOBODY}${vault.mac('unknown-identifier', `${clientId}\0${identifier}`)}`;
}

async function settle(
  deps: PasswordCheckDeps,
  check: PasswordCheck & { userId: string },
  replacement: { from: string; to: string } | null,
): Promise<void> {
  const { clientId, userId, network } = check;
  await deps.database.write(async (tx) => {
    const counter = { client_id: clientId, subject: userId, authenticator: 'password', place: network };
    await forgiveGuesses(tx, { ...counter, now: deps.clock.now() });
    if (replacement) await replaceHash.run(tx, { client_id: clientId, user_id: userId, ...replacement });
  });
}

/**
 * Whether a password is right. Counted before it is looked at; as slow for an identifier that is nobody's. An old hash is replaced
 * by one of today's cost. Throws rate_limited.
 */
export async function checkPassword(deps: PasswordCheckDeps, check: PasswordCheck): Promise<boolean> {
  const { clientId, userId, password, network } = check;
  const guessing: Guessing = { clientId, subject: subjectOf(deps, check), authenticator: 'password', network };
  requireAllowed(await deps.database.write((tx) => takeGuess({ ...deps, tx }, guessing)));
  const own = { client_id: clientId, user_id: userId ?? '' };
  const row = await findPassword.first(deps.database.read, own);
  const { right, outdated } = await deps.hasher.verify(row?.hash_sealed ?? null, password);
  if (!right || !row || userId === null) return false;
  const replacement = outdated ? { from: row.hash_sealed, to: await deps.hasher.hash(password) } : null;
  await settle(deps, { ...check, userId }, replacement);
  return true;
}
