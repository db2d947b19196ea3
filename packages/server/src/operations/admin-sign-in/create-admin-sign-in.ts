import type { Guards, Route } from '../../platform/http/index.ts';
import type { Administrator } from '../admins/index.ts';
import { type AdminSignInRoutesDeps, adminSignInRoutes } from './routes.ts';
import { createAdminSessionGuard, createAdminVerifier } from './verify-admin-token.ts';

export interface AdminSignIn {
  routes: Route[];
  guards: Pick<Guards, 'admin_session'>;
  /** The administrator a token speaks for, or null. */
  verifyAdminToken(token: string): Promise<Administrator | null>;
}

/** The whole of this room, for the composition. */
export function createAdminSignIn(deps: AdminSignInRoutesDeps): AdminSignIn {
  return {
    routes: adminSignInRoutes(deps),
    guards: createAdminSessionGuard(deps),
    verifyAdminToken: createAdminVerifier(deps),
  };
}
