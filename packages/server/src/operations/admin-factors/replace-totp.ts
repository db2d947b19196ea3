import { type NoticeDeps, queueNotice } from '../../identity/account-notices/index.ts';
import { forgiveGuesses, type LockoutDeps } from '../../identity/lockout/index.ts';
import { beginTotp, type PendingTotp, putTotp } from '../../identity/totp/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import type { RequestFacts } from '../../platform/events/index.ts';
import { networkOf, requireAllowed } from '../../platform/rate-limit/index.ts';
import { ADMINISTRATORS_CLIENT } from '../../tenancy/clients/index.ts';
import {
  type AdminSessionCaller,
  adminSignInRefusals,
  findPending,
  forgetPending,
  holdOpenSession,
  proveFirstCode,
  type StartSignInDeps,
  takeChallenge,
  writeChallenge,
} from '../admin-sign-in/index.ts';
import { requireFresh } from './require-fresh.ts';

export type ReplaceTotpDeps = StartSignInDeps & LockoutDeps & NoticeDeps & { brand: { readonly name: string } };

/** What waits for the first code; another session of the same person starts anew. */
interface Waiting {
  sessionId: string;
  totpSealed: string;
}

const PURPOSE = 'admin-totp';
const TTL_MS = 900_000;

/** The first half: a secret for the new app. The old app stays until the new one has shown a code. Throws admin_step_up_required. */
export async function beginReplacement(
  deps: ReplaceTotpDeps,
  caller: AdminSessionCaller,
): Promise<{ totp: PendingTotp; expiresInSeconds: number }> {
  requireFresh(deps, caller);
  const { administrator, sessionId } = caller;
  const totp = beginTotp(deps.vault, { issuer: deps.brand.name, account: administrator.email });
  const waiting: Waiting = { sessionId, totpSealed: totp.sealed };
  const payloadSealed = deps.vault.seal(PURPOSE, JSON.stringify(waiting));
  const challenge = { userId: administrator.id, purpose: 'totp', payloadSealed, ttlMs: TTL_MS } as const;
  const { expiresInSeconds } = await deps.database.write(async (tx) => {
    await forgetPending(tx, administrator.id);
    return writeChallenge({ ...deps, tx }, challenge);
  });
  return { totp, expiresInSeconds };
}

interface Confirmation {
  caller: AdminSessionCaller;
  code: string;
  locale: string;
  request: RequestFacts;
}

/** Puts the new app in the place of the old one; false when somebody was faster, or the session ended meanwhile. */
async function replace(
  deps: ReplaceTotpDeps & { tx: Tx },
  { caller, locale, request }: Confirmation,
  proven: { challengeId: string; sealed: string; step: number },
): Promise<boolean> {
  const { tx } = deps;
  const { id } = caller.administrator;
  if (!(await holdOpenSession(tx, caller.sessionId)) || !(await takeChallenge(tx, proven.challengeId))) return false;
  const own = { clientId: ADMINISTRATORS_CLIENT, userId: id };
  const counter = { client_id: ADMINISTRATORS_CLIENT, subject: id, authenticator: 'totp', place: '' };
  await putTotp(deps, { ...own, sealed: proven.sealed, step: proven.step });
  await forgiveGuesses(tx, { ...counter, now: deps.clock.now() });
  await queueNotice(deps, { ...own, change: 'totp_replaced', locale });
  await deps.announce(tx, {
    name: 'admin_totp_replaced',
    clientId: ADMINISTRATORS_CLIENT,
    actor: { type: 'administrator', id },
    target: { type: 'administrator', id },
    request,
  });
  return true;
}

/**
 * The second half: a first code of the new app. From here on only its codes work. Throws admin_step_up_required, invalid_admin_challenge,
 * invalid_admin_factor and rate_limited.
 */
export async function confirmReplacement(deps: ReplaceTotpDeps, input: Confirmation): Promise<void> {
  const { caller, code, request } = input;
  const userId = caller.administrator.id;
  requireFresh(deps, caller);
  requireAllowed(await deps.rateLimit.look(deps.limits.failuresPerNetwork, networkOf(request.ip)));
  const pending = await findPending(deps.database.read, userId);
  const waiting = pending && (JSON.parse(deps.vault.open(PURPOSE, pending.payload_sealed ?? '')) as Waiting);
  if (!pending || waiting?.sessionId !== caller.sessionId || pending.expires_at <= deps.clock.now())
    throw adminSignInRefusals.invalid_admin_challenge();
  const sealed = waiting.totpSealed;
  const isReplaced = await proveFirstCode(deps, {
    userId,
    isSignedIn: true,
    sealed,
    code,
    request,
    onProof: (tx, step) => replace({ ...deps, tx }, input, { challengeId: pending.id, sealed, step }),
  });
  if (!isReplaced) throw adminSignInRefusals.invalid_admin_challenge();
}
