import type { Clock } from '../../platform/clock/index.ts';
import type { Database } from '../../platform/database/index.ts';
import { bearerOf, type Guard } from '../../platform/http/index.ts';
import { type AdministratorRecord, findAdministrator } from '../administrators/index.ts';
import { type Administrator, adminRefusals } from '../admins/index.ts';
import { type AdminTokenDeps, readAdminToken } from './admin-token.ts';
import { findSession } from './store.ts';

/** An administrator who signed in: what they do to their own session and factors. */
export interface AdminSessionCaller {
  administrator: AdministratorRecord;
  sessionId: string;
  authenticatedAt: number;
}

declare module '../../platform/http/route.ts' {
  interface Callers {
    /** An administrator who signed in, whatever their roles; the break-glass key is nobody and has no session. */
    admin_session: AdminSessionCaller;
  }
}

type Deps = AdminTokenDeps & { clock: Clock; database: Database };

async function establish(deps: Deps, token: string): Promise<AdminSessionCaller | null> {
  const now = deps.clock.now();
  const claims = readAdminToken(deps, token, now);
  const session = claims && (await findSession(deps.database.read, claims.sid));
  if (!session || session.user_id !== claims.sub || session.ended_at !== null || session.expires_at <= now) return null;
  const administrator = await findAdministrator(deps.database.read, session.user_id);
  if (administrator?.status !== 'active') return null;
  return { administrator, sessionId: session.id, authenticatedAt: session.authenticated_at };
}

/** Says whom a token speaks for, with the roles and scope of this moment; null when it is no good. */
export function createAdminVerifier(deps: Deps): (token: string) => Promise<Administrator | null> {
  return async (token) => {
    const caller = await establish(deps, token);
    if (!caller) return null;
    const { id, roles, scope } = caller.administrator;
    return { actor: { type: 'administrator', id }, roles, scope, authenticatedAt: caller.authenticatedAt };
  };
}

export function createAdminSessionGuard(deps: Deps): { admin_session: Guard<AdminSessionCaller> } {
  return {
    admin_session: async (request) => {
      const token = bearerOf(request);
      const caller = token === null ? null : await establish(deps, token);
      if (caller) return caller;
      throw adminRefusals.invalid_admin_token({
        headers: { 'www-authenticate': token ? 'Bearer error="invalid_token"' : 'Bearer' },
      });
    },
  };
}
