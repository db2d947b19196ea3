import type { Database } from '../../platform/database/index.ts';
import { requireAllowed } from '../../platform/rate-limit/index.ts';
import type { Vault } from '../../platform/secrets/index.ts';
import type { Client } from '../../tenancy/clients/index.ts';
import { forgiveGuesses, type Guessing, type LockoutDeps, NOBODY, takeGuess } from '../lockout/index.ts';
import type { PasswordHasher } from './hash-queue.ts';
import { findPassword, replaceHash } from './store.ts';

export interface PasswordCheckDeps extends LockoutDeps {
  database: Database;
  vault: Vault;
  hasher: PasswordHasher;
}

export interface PasswordCheck {
  client: Pick<Client, 'id' | 'settings'>;
  /** Null when the identifier is nobody's. */
  userId: string | null;
  /** What was typed, in normal form: counts guesses where there is no user to count them for. */
  identifier: string;
  password: string;
  network: string;
}

/** Who guesses are counted for: strangers get the same limits as users, or the limit would tell them apart (T-032). */
function subjectOf({ vault }: PasswordCheckDeps, { client, userId, identifier }: PasswordCheck): string {
  return userId ?? `${NOBODY}${vault.mac('unknown-identifier', `${client.id}\0${identifier}`)}`;
}

async function settle(
  deps: PasswordCheckDeps,
  check: PasswordCheck & { userId: string },
  replacement: { from: string; to: string } | null,
): Promise<void> {
  const { client, userId, network } = check;
  await deps.database.write(async (tx) => {
    const counter = { client_id: client.id, subject: userId, authenticator: 'password', place: network };
    await forgiveGuesses(tx, { ...counter, now: deps.clock.now() });
    if (replacement) await replaceHash.run(tx, { client_id: client.id, user_id: userId, ...replacement });
  });
}

/**
 * Whether a password is right. Counted before it is looked at; as slow for an identifier that is nobody's. An old hash is replaced
 * by one of today's cost. Throws rate_limited.
 */
export async function checkPassword(deps: PasswordCheckDeps, check: PasswordCheck): Promise<boolean> {
  const { client, userId, password, network } = check;
  const guessing: Guessing = { client, subject: subjectOf(deps, check), authenticator: 'password', network };
  requireAllowed(await deps.database.write((tx) => takeGuess({ ...deps, tx }, guessing)));
  const own = { client_id: client.id, user_id: userId ?? '' };
  const row = await findPassword.first(deps.database.read, own);
  const { right, outdated } = await deps.hasher.verify(row?.hash_sealed ?? null, password);
  if (!right || !row || userId === null) return false;
  const replacement = outdated ? { from: row.hash_sealed, to: await deps.hasher.hash(password) } : null;
  await settle(deps, { ...check, userId }, replacement);
  return true;
}
