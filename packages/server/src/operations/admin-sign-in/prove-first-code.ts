import { type LockoutDeps, takeGuess } from '../../identity/lockout/index.ts';
import { judgeFirstCode } from '../../identity/totp/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import type { RequestFacts } from '../../platform/events/index.ts';
import { requireAllowed } from '../../platform/rate-limit/index.ts';
import type { Vault } from '../../platform/secrets/index.ts';
import { ADMINISTRATORS_POOL } from '../../tenancy/clients/index.ts';
import { refusals } from './errors.ts';
import { type FailureDeps, noteFailure } from './start-sign-in.ts';

interface ProvingFirstCode<T> {
  userId: string;
  /** Whether it is somebody who is signed in already. */
  isSignedIn: boolean;
  /** The secret of the new authenticator app. */
  sealed: string;
  code: string;
  request: RequestFacts;
  /** What becomes of a right code, in the transaction that counts the guess. */
  onProof(tx: Tx, step: number): Promise<T>;
}

/** Takes the first code of a new authenticator app. Throws invalid_admin_factor and rate_limited. */
export async function proveFirstCode<T>(
  deps: LockoutDeps & FailureDeps & { vault: Vault },
  { userId, isSignedIn, sealed, code, request, onProof }: ProvingFirstCode<T>,
): Promise<T> {
  const guessing = { client: ADMINISTRATORS_POOL, subject: userId, authenticator: 'totp', network: null } as const;
  const outcome = await deps.database.write(async (tx) => {
    const verdict = await takeGuess({ ...deps, tx }, guessing);
    const step = verdict.allowed ? judgeFirstCode(deps, { sealed, code }) : null;
    return { verdict, proven: step === null ? null : { value: await onProof(tx, step) } };
  });
  requireAllowed(outcome.verdict);
  if (outcome.proven) return outcome.proven.value;
  await noteFailure(deps, { adminId: userId, isSignedIn, metadata: { step: 'first_code' }, request });
  throw refusals.invalid_admin_factor();
}
