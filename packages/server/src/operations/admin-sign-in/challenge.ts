import type { Clock } from '../../platform/clock/index.ts';
import type { Database, Tx } from '../../platform/database/index.ts';
import type { NewId } from '../../platform/ids/index.ts';
import { callerSecret, hashSecret, parseCallerSecret, randomSecret, sameSecret } from '../../platform/secrets/index.ts';
import { ADMINISTRATORS_CLIENT } from '../../tenancy/clients/index.ts';
import { refusals } from './errors.ts';
import { findChallenge, insertChallenge } from './store.ts';
import type { AdminChallengesTable } from './tables.ts';

const KIND = 'ac';

export interface NewChallenge {
  userId: string;
  purpose: AdminChallengesTable['purpose'];
  payloadSealed: string | null;
  ttlMs: number;
}

/** Writes a challenge; its token is the caller's half, of which only the hash is kept. */
export async function writeChallenge(
  deps: { clock: Clock; newId: NewId; tx: Tx },
  { userId, purpose, payloadSealed, ttlMs }: NewChallenge,
): Promise<{ token: string; expiresInSeconds: number }> {
  const id = deps.newId();
  const secret = randomSecret();
  await insertChallenge.run(deps.tx, {
    id,
    client_id: ADMINISTRATORS_CLIENT,
    user_id: userId,
    purpose,
    secret_hash: hashSecret(secret),
    payload_sealed: payloadSealed,
    expires_at: deps.clock.now() + ttlMs,
  });
  return { token: callerSecret({ kind: KIND, id, secret }), expiresInSeconds: ttlMs / 1000 };
}

/** The challenge behind a token, not yet taken. Throws invalid_admin_challenge. */
export async function requireChallenge(
  deps: { clock: Clock; database: Database },
  token: string,
  purpose: AdminChallengesTable['purpose'],
): Promise<AdminChallengesTable> {
  const presented = parseCallerSecret(KIND, token);
  const row = presented && (await findChallenge(deps.database.read, presented.id));
  const isGood = row?.purpose === purpose && row.expires_at > deps.clock.now();
  if (!presented || !row || !isGood || !sameSecret(hashSecret(presented.secret), row.secret_hash)) {
    throw refusals.invalid_admin_challenge();
  }
  return row;
}
