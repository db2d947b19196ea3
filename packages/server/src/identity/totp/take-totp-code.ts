import type { Tx } from '../../platform/database/index.ts';
import type { LimitVerdict } from '../../platform/rate-limit/index.ts';
import type { Vault } from '../../platform/secrets/index.ts';
import type { Client } from '../../tenancy/clients/index.ts';
import { forgiveGuesses, type LockoutDeps, takeGuess } from '../lockout/index.ts';
import { openSecret } from './enrol-totp.ts';
import { stepOfCode } from './one-time-code.ts';
import { findSecret, takeStep } from './store.ts';

export interface TotpCheck {
  client: Pick<Client, 'id' | 'settings'>;
  userId: string;
  code: string;
}

/**
 * Takes a code, in the caller's transaction: counted before it is looked at, over all sign-ins of the user at once (T-026), and spent when
 * right. The time is the server's own.
 */
export async function takeTotpCode(
  deps: LockoutDeps & { vault: Vault; tx: Tx },
  { client, userId, code }: TotpCheck,
): Promise<{ right: boolean; verdict: LimitVerdict }> {
  const { clock, vault, tx } = deps;
  const verdict = await takeGuess(deps, { client, subject: userId, authenticator: 'totp', network: null });
  if (!verdict.allowed) return { right: false, verdict };
  const own = { client_id: client.id, user_id: userId };
  const row = await findSecret.first(tx, own);
  const step = row && stepOfCode(openSecret(vault, row.secret_sealed), code, clock.now());
  const right = step !== null && (await takeStep(tx, { ...own, step }));
  if (right) {
    const counter = { client_id: client.id, subject: userId, authenticator: 'totp', place: '' };
    await forgiveGuesses(tx, { ...counter, now: clock.now() });
  }
  return { right, verdict };
}
