import type { AssertionCredential } from '@gatehouse/protocol';
import type { LockoutDeps } from '../../identity/lockout/index.ts';
import { type ProvePasskeyDeps, provePasskey } from '../../identity/passkeys/index.ts';
import { takeTotpCode } from '../../identity/totp/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import type { RequestFacts } from '../../platform/events/index.ts';
import { httpRefusals } from '../../platform/http/index.ts';
import { networkOf, requireAllowed } from '../../platform/rate-limit/index.ts';
import type { Vault } from '../../platform/secrets/index.ts';
import { ADMINISTRATORS_POOL, type Clients } from '../../tenancy/clients/index.ts';
import { refusals } from './errors.ts';
import { noteFailure } from './start-sign-in.ts';

export type ProveDeps = ProvePasskeyDeps & LockoutDeps & { vault: Vault; clients: Clients };

/** A second factor as presented: one of the two. */
export interface PresentedFactor {
  code?: string | undefined;
  passkey?: { requestId: string; credential: AssertionCredential } | undefined;
  /** The page a passkey was used on; null when a program relays it. */
  origin: string | null;
  request: RequestFacts;
}

export type FactorMethod = 'totp' | 'passkey';

interface Proving<T> {
  userId: string;
  factor: PresentedFactor;
  /** What becomes of the proof, in the transaction that spends it; null when it came too late. */
  onProof(tx: Tx, method: FactorMethod): Promise<T | null>;
}

async function byCode<T>(deps: ProveDeps, { userId, factor, onProof }: Proving<T>, code: string): Promise<T> {
  const { request } = factor;
  requireAllowed(await deps.rateLimit.look(deps.limits.failuresPerNetwork, networkOf(request.ip)));
  const outcome = await deps.database.write(async (tx) => {
    const check = { client: ADMINISTRATORS_POOL, userId, code };
    const { right, verdict } = await takeTotpCode({ ...deps, tx }, check);
    return { verdict, result: right ? await onProof(tx, 'totp') : null };
  });
  requireAllowed(outcome.verdict);
  if (outcome.result !== null) return outcome.result;
  await noteFailure(deps, { adminId: userId, metadata: { step: 'totp' }, request });
  throw refusals.invalid_admin_factor();
}

async function byPasskey<T>(
  deps: ProveDeps,
  { userId, factor, onProof }: Proving<T>,
  passkey: NonNullable<PresentedFactor['passkey']>,
): Promise<T> {
  const { origin, request } = factor;
  const presented = { client: await deps.clients.administrators(), ...passkey, origin, request };
  return provePasskey(deps, presented, async (tx, { user }) => (user.id === userId ? onProof(tx, 'passkey') : null));
}

/** Takes a second factor of an administrator. Throws invalid_admin_factor, invalid_webauthn_authentication and rate_limited. */
export function proveFactor<T>(deps: ProveDeps, proving: Proving<T>): Promise<T> {
  const { code, passkey } = proving.factor;
  if (code !== undefined && passkey === undefined) return byCode(deps, proving, code);
  if (passkey !== undefined && code === undefined) return byPasskey(deps, proving, passkey);
  throw httpRefusals.invalid_request({
    body: { details: [{ field: 'code', problem: 'or passkey: give one of the two' }] },
  });
}
