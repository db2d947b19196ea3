import { listPasskeys } from '../../identity/passkeys/index.ts';
import { checkPassword, type PasswordCheckDeps } from '../../identity/passwords/index.ts';
import type { Announce, RequestFacts } from '../../platform/events/index.ts';
import type { NewId } from '../../platform/ids/index.ts';
import { parseEmailAddress } from '../../platform/mail/index.ts';
import { type Limit, networkOf, type RateLimit, requireAllowed } from '../../platform/rate-limit/index.ts';
import { ADMINISTRATORS_CLIENT, ADMINISTRATORS_POOL } from '../../tenancy/clients/index.ts';
import { type AdministratorRecord, findAdministratorByEmail } from '../administrators/index.ts';
import { writeChallenge } from './challenge.ts';
import { refusals } from './errors.ts';

export interface StartSignInDeps extends PasswordCheckDeps {
  newId: NewId;
  announce: Announce;
  rateLimit: RateLimit;
  limits: { failuresPerNetwork: Limit };
}

export interface Credentials {
  /** As typed. */
  email: string;
  password: string;
  request: RequestFacts;
}

const CHALLENGE_TTL_MS = 300_000;

export type FailureDeps = Pick<StartSignInDeps, 'database' | 'announce' | 'rateLimit' | 'limits'>;

/** Counts and writes down a failure; the same work whoever was meant (T-032). */
export async function noteFailure(
  deps: FailureDeps,
  of: {
    adminId: string | null;
    /** The administrator themselves, when they are signed in already. */
    isSignedIn?: boolean;
    metadata: Record<string, unknown>;
    request: RequestFacts;
  },
): Promise<void> {
  await deps.rateLimit.use(deps.limits.failuresPerNetwork, networkOf(of.request.ip));
  await deps.database.write((tx) =>
    deps.announce(tx, {
      name: 'admin_login_failed',
      clientId: ADMINISTRATORS_CLIENT,
      actor: of.isSignedIn ? { type: 'administrator', id: of.adminId } : { type: 'anonymous', id: null },
      target: { type: 'administrator', id: of.adminId ?? '' },
      metadata: of.metadata,
      request: of.request,
    }),
  );
}

async function factorsOf(deps: StartSignInDeps, record: AdministratorRecord): Promise<('totp' | 'passkey')[]> {
  const passkeys = await listPasskeys(deps.database, { clientId: ADMINISTRATORS_CLIENT, userId: record.id });
  return passkeys.length > 0 ? ['totp', 'passkey'] : ['totp'];
}

/**
 * The first step: address and password. An unknown address, somebody invited or suspended and a wrong password take as long and are
 * answered alike (D10). Throws invalid_admin_credentials and rate_limited.
 */
export async function startSignIn(
  deps: StartSignInDeps,
  { email: typed, password, request }: Credentials,
): Promise<{ challengeToken: string; expiresInSeconds: number; factors: ('totp' | 'passkey')[] }> {
  const network = networkOf(request.ip);
  requireAllowed(await deps.rateLimit.look(deps.limits.failuresPerNetwork, network));
  const email = parseEmailAddress(typed);
  const found = await findAdministratorByEmail(deps.database.read, email ?? '');
  const record = found?.status === 'active' ? found : null;
  const who = { client: ADMINISTRATORS_POOL, userId: record?.id ?? null, identifier: email ?? typed };
  const right = await checkPassword(deps, { ...who, password, network });
  if (!right || !record) {
    const metadata = { step: 'password', ...(email !== null && { email }) };
    await noteFailure(deps, { adminId: record?.id ?? null, metadata, request });
    throw refusals.invalid_admin_credentials();
  }
  const challenge = { userId: record.id, purpose: 'sign_in', payloadSealed: null, ttlMs: CHALLENGE_TTL_MS } as const;
  const written = await deps.database.write((tx) => writeChallenge({ ...deps, tx }, challenge));
  const factors = await factorsOf(deps, record);
  return { challengeToken: written.token, expiresInSeconds: written.expiresInSeconds, factors };
}
