import { clearGuesses, type LockoutDeps } from '../../identity/lockout/index.ts';
import {
  type PasswordHasher,
  type PasswordProfile,
  putPassword,
  requireGoodPassword,
} from '../../identity/passwords/index.ts';
import { beginTotp, type PendingTotp, putTotp, showPendingTotp } from '../../identity/totp/index.ts';
import { markEmailVerified } from '../../identity/users/index.ts';
import type { Database, Tx } from '../../platform/database/index.ts';
import type { Announce, RequestFacts } from '../../platform/events/index.ts';
import type { NewId } from '../../platform/ids/index.ts';
import { type Limit, networkOf, type RateLimit, requireAllowed } from '../../platform/rate-limit/index.ts';
import { sameSecret, type Vault } from '../../platform/secrets/index.ts';
import { ADMINISTRATORS_CLIENT } from '../../tenancy/clients/index.ts';
import {
  type AdministratorRecord,
  activateAdministrator,
  findAdministrator,
  findInvitation,
  readInvitationToken,
  takeInvitation,
} from '../administrators/index.ts';
import { requireChallenge, writeChallenge } from './challenge.ts';
import { refusals } from './errors.ts';
import { proveFirstCode } from './prove-first-code.ts';
import { takeChallenge } from './store.ts';
import type { AdminChallengesTable } from './tables.ts';

export interface AcceptDeps extends LockoutDeps {
  newId: NewId;
  database: Database;
  vault: Vault;
  announce: Announce;
  rateLimit: RateLimit;
  limits: { failuresPerNetwork: Limit };
  hasher: PasswordHasher;
  passwordProfile: PasswordProfile;
  brand: { readonly name: string };
}

/** What waits for the first code. The invitation is not spent before it: whoever stops half-way starts again with the same link. */
interface Waiting {
  invitationId: string;
  passwordHash: string;
  totpSealed: string;
}

const PURPOSE = 'admin-invitation';
const TTL_MS = 900_000;

async function requireInvitation(
  deps: AcceptDeps,
  token: string,
): Promise<{ id: string; invited: AdministratorRecord }> {
  const presented = readInvitationToken(token);
  const row = presented && (await findInvitation(deps.database.read, presented.id));
  const isGood = row && row.expires_at > deps.clock.now() && sameSecret(row.token_hash, presented.hash);
  const invited = isGood ? await findAdministrator(deps.database.read, row.user_id) : null;
  if (!row || invited?.status !== 'invited') throw refusals.invalid_invitation();
  return { id: row.invitation_id, invited };
}

/** The e-mail address an invitation is for. Throws invalid_invitation. */
export async function showInvitation(deps: AcceptDeps, token: string): Promise<string> {
  return (await requireInvitation(deps, token)).invited.email;
}

/**
 * The first half: a password of one's own. What comes back is a secret for the authenticator app. Throws invalid_invitation, password_refused
 * and rate_limited.
 */
export async function startAcceptance(
  deps: AcceptDeps,
  input: { token: string; password: string },
): Promise<{ challengeToken: string; expiresInSeconds: number; totp: PendingTotp }> {
  const { id, invited } = await requireInvitation(deps, input.token);
  const { email } = invited;
  const names = [email, deps.brand.name, 'gatehouse'];
  requireGoodPassword({ password: input.password, profile: deps.passwordProfile, isOnlyFactor: false, names });
  const passwordHash = await deps.hasher.hash(input.password);
  const totp = beginTotp(deps.vault, { issuer: deps.brand.name, account: email });
  const waiting: Waiting = { invitationId: id, passwordHash, totpSealed: totp.sealed };
  const payloadSealed = deps.vault.seal(PURPOSE, JSON.stringify(waiting));
  const challenge = { userId: invited.id, purpose: 'invitation', payloadSealed, ttlMs: TTL_MS } as const;
  const written = await deps.database.write((tx) => writeChallenge({ ...deps, tx }, challenge));
  return { challengeToken: written.token, expiresInSeconds: written.expiresInSeconds, totp };
}

function waitingIn(deps: AcceptDeps, challenge: AdminChallengesTable): Waiting {
  return JSON.parse(deps.vault.open(PURPOSE, challenge.payload_sealed ?? '')) as Waiting;
}

/** The secret once more, for a page that is shown again. Throws invalid_admin_challenge. */
export async function showAcceptance(deps: AcceptDeps, challengeToken: string): Promise<PendingTotp> {
  const challenge = await requireChallenge(deps, challengeToken, 'invitation');
  const invited = await findAdministrator(deps.database.read, challenge.user_id);
  const label = { issuer: deps.brand.name, account: invited?.email ?? '' };
  return showPendingTotp(deps.vault, waitingIn(deps, challenge).totpSealed, label);
}

async function activate(
  deps: AcceptDeps & { tx: Tx },
  of: { userId: string; waiting: Waiting; step: number; challengeId: string; request: RequestFacts },
): Promise<AdministratorRecord | null> {
  const { userId, waiting, step, challengeId, request } = of;
  const own = { clientId: ADMINISTRATORS_CLIENT, userId };
  const now = deps.clock.now();
  if (!(await takeChallenge(deps.tx, challengeId))) return null;
  if (!(await takeInvitation(deps.tx, waiting.invitationId, now))) return null;
  const administrator = await activateAdministrator(deps.tx, userId, now);
  if (!administrator) return null;
  // Only now: whoever comes second with the same link must not change what the first has chosen.
  await putPassword(deps.tx, { ...own, hash: waiting.passwordHash, now });
  await putTotp(deps, { ...own, sealed: waiting.totpSealed, step });
  await clearGuesses(deps.tx, { clientId: ADMINISTRATORS_CLIENT, subject: userId });
  // The link reached them there, or whoever could see it vouched for that.
  await markEmailVerified.run(deps.tx, { client_id: ADMINISTRATORS_CLIENT, id: userId, at: now });
  await deps.announce(deps.tx, {
    name: 'admin_activated',
    clientId: ADMINISTRATORS_CLIENT,
    actor: { type: 'administrator', id: userId },
    target: { type: 'administrator', id: userId },
    request,
  });
  return administrator;
}

/**
 * The second half: a first code of the authenticator app. From here on they can sign in, and the invitation is spent. Throws
 * invalid_admin_challenge, invalid_admin_factor, invalid_invitation and rate_limited.
 */
export async function confirmAcceptance(
  deps: AcceptDeps,
  input: { challengeToken: string; code: string; request: RequestFacts },
): Promise<AdministratorRecord> {
  const { code, request } = input;
  requireAllowed(await deps.rateLimit.look(deps.limits.failuresPerNetwork, networkOf(request.ip)));
  const challenge = await requireChallenge(deps, input.challengeToken, 'invitation');
  const waiting = waitingIn(deps, challenge);
  const userId = challenge.user_id;
  const administrator = await proveFirstCode(deps, {
    userId,
    isSignedIn: false,
    sealed: waiting.totpSealed,
    code,
    request,
    onProof: (tx, step) => activate({ ...deps, tx }, { userId, waiting, step, challengeId: challenge.id, request }),
  });
  if (!administrator) throw refusals.invalid_invitation();
  return administrator;
}
