/** The part of the composition that concerns those who administer: `rooms.ts` brings the floors below. */
import type { Config } from '../config/index.ts';
import { createPasswordHasher } from '../identity/passwords/index.ts';
import { type AdminFactorDeps, adminFactorRoutes } from '../operations/admin-factors/index.ts';
import { type AdminSignInRoutesDeps, createAdminSignIn, endSessionsOf } from '../operations/admin-sign-in/index.ts';
import { administratorRoutes, registerInvitationMail } from '../operations/administrators/index.ts';
import { type AdminGuardDeps, createAdminGuards } from '../operations/admins/index.ts';
import { userAdministrationRoutes } from '../operations/user-administration/index.ts';
import type { Guards, Route } from '../platform/http/index.ts';
import type { Jobs } from '../platform/jobs/index.ts';
import type { Mailer } from '../platform/mailer/index.ts';

const SECOND = 1000;

type FromConfig = 'hasher' | 'passwordProfile' | 'tokenSecret' | 'sessionTtlMs' | 'brand';

export type AdministrationDeps = Omit<AdminSignInRoutesDeps & AdminFactorDeps, FromConfig> & {
  config: Config;
  jobs: Jobs;
  mailer: Mailer;
};

export interface Administration {
  routes: Route[];
  guards: Pick<Guards, 'admin' | 'client_admin' | 'admin_session'>;
  /** For the pages on which an invitation is accepted. */
  signIn: AdminSignInRoutesDeps;
}

function signInDepsOf({ config, ...deps }: AdministrationDeps): AdminSignInRoutesDeps & AdminFactorDeps {
  return {
    ...deps,
    hasher: createPasswordHasher(deps),
    passwordProfile: config.passwords.profile,
    tokenSecret: config.admin.tokenSecret,
    sessionTtlMs: config.admin.accessTtlSeconds * SECOND,
    brand: config.brand,
  };
}

function guardDepsOf(deps: AdministrationDeps, verifyAdminToken: AdminGuardDeps['verifyAdminToken']): AdminGuardDeps {
  const { apiKey, breakGlassPerMinute } = deps.config.admin;
  return { ...deps, breakGlassKey: apiKey, breakGlassPerMinute, verifyAdminToken };
}

/** Opens the rooms of administration. */
export function openAdministration(deps: AdministrationDeps): Administration {
  const { clock, config, mailer } = deps;
  const signIn = signInDepsOf(deps);
  const { routes, guards, verifyAdminToken } = createAdminSignIn(signIn);
  registerInvitationMail({ ...deps, brand: config.brand });
  const administrators = {
    ...deps,
    canSendMail: mailer.canSend,
    endSessions: (tx: Parameters<typeof endSessionsOf>[0], userId: string) => endSessionsOf(tx, userId, clock.now()),
  };
  return {
    signIn,
    guards: { ...createAdminGuards(guardDepsOf(deps, verifyAdminToken)), ...guards },
    routes: [
      ...routes,
      ...adminFactorRoutes(signIn),
      ...administratorRoutes(administrators),
      ...userAdministrationRoutes(deps),
    ],
  };
}
