import type { Clock } from '../../platform/clock/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import type { Announce } from '../../platform/events/index.ts';
import type { NewId } from '../../platform/ids/index.ts';
import { ADMINISTRATORS_CLIENT } from '../../tenancy/clients/index.ts';
import { type AdministratorRecord, findAdministrator } from '../administrators/index.ts';
import { type AdminTokenDeps, signAdminToken } from './admin-token.ts';
import { requireChallenge } from './challenge.ts';
import { type FactorMethod, type PresentedFactor, type ProveDeps, proveFactor } from './prove-factor.ts';
import { insertSession, noteProof, takeChallenge } from './store.ts';
import type { AdminSessionsTable } from './tables.ts';

export interface AdminSignInDeps extends ProveDeps, AdminTokenDeps {
  clock: Clock;
  newId: NewId;
  announce: Announce;
  sessionTtlMs: number;
}

/** An administrator's token, and whose it is. */
export interface SignedIn {
  token: string;
  expiresInSeconds: number;
  administrator: AdministratorRecord;
}

type Opened = { session: AdminSessionsTable; administrator: AdministratorRecord };

function tokenOf(deps: AdminSignInDeps, { session, administrator }: Opened): SignedIn {
  const now = deps.clock.now();
  const { id: sessionId, user_id: userId, expires_at: expiresAt } = session;
  const token = signAdminToken(deps, { userId, sessionId, jti: deps.newId(), now, expiresAt });
  return { token, expiresInSeconds: Math.floor(expiresAt / 1000) - Math.floor(now / 1000), administrator };
}

async function openSession(
  deps: AdminSignInDeps & { tx: Tx },
  of: { administrator: AdministratorRecord; method: FactorMethod; factor: PresentedFactor },
): Promise<Opened> {
  const now = deps.clock.now();
  const { administrator, method, factor } = of;
  const { request } = factor;
  const session: AdminSessionsTable = {
    id: deps.newId(),
    client_id: ADMINISTRATORS_CLIENT,
    user_id: administrator.id,
    created_at: now,
    authenticated_at: now,
    expires_at: now + deps.sessionTtlMs,
    ended_at: null,
    ip: request.ip,
    user_agent: request.userAgent,
  };
  await insertSession.run(deps.tx, session);
  await deps.announce(deps.tx, {
    name: 'admin_login_success',
    clientId: ADMINISTRATORS_CLIENT,
    actor: { type: 'administrator', id: administrator.id },
    target: { type: 'admin_session', id: session.id },
    metadata: { methods: ['password', method] },
    request,
  });
  return { session, administrator };
}

/** The second step: a session, and its token. Throws invalid_admin_challenge, and what `proveFactor` throws. */
export async function finishSignIn(
  deps: AdminSignInDeps,
  input: { challengeToken: string; factor: PresentedFactor },
): Promise<SignedIn> {
  const { factor } = input;
  const challenge = await requireChallenge(deps, input.challengeToken, 'sign_in');
  const opened = await proveFactor(deps, {
    userId: challenge.user_id,
    factor,
    async onProof(tx, method) {
      const administrator = await findAdministrator(tx, challenge.user_id);
      if (administrator?.status !== 'active' || !(await takeChallenge(tx, challenge.id))) return null;
      return openSession({ ...deps, tx }, { administrator, method, factor });
    },
  });
  return tokenOf(deps, opened);
}

/** A fresh proof for what a forgotten browser must not be enough for (D15). Throws what `proveFactor` throws. */
export async function stepUp(
  deps: AdminSignInDeps,
  input: { userId: string; sessionId: string; factor: PresentedFactor },
): Promise<SignedIn> {
  const { userId, sessionId, factor } = input;
  const opened = await proveFactor(deps, {
    userId,
    factor,
    async onProof(tx, method) {
      const administrator = await findAdministrator(tx, userId);
      const session = await noteProof(tx, sessionId, deps.clock.now());
      if (administrator?.status !== 'active' || !session) return null;
      await deps.announce(tx, {
        name: 'admin_step_up',
        clientId: ADMINISTRATORS_CLIENT,
        actor: { type: 'administrator', id: userId },
        target: { type: 'admin_session', id: sessionId },
        metadata: { method },
        request: factor.request,
      });
      return { session, administrator };
    },
  });
  return tokenOf(deps, opened);
}
