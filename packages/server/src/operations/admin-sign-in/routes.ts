import {
  AdminInvitationAccept,
  AdminInvitationAccepted,
  AdminInvitationConfirm,
  AdminLogin,
  AdminMfa,
  AdminMfaRequired,
  AdminSelf,
  AdminStepUp,
  AdminToken,
  type AssertionCredential,
  Ok,
  PasskeyOptions,
} from '@gatehouse/protocol';
import { Type } from 'typebox';
import { type BeginDeps, beginAuthentication } from '../../identity/passkeys/index.ts';
import type { RequestFacts } from '../../platform/events/index.ts';
import { defineRoute, type RawRequest, type Route } from '../../platform/http/index.ts';
import { ADMINISTRATORS_CLIENT } from '../../tenancy/clients/index.ts';
import { presentAdministrator } from '../administrators/index.ts';
import { adminPermissions, mayAdminister } from '../admins/index.ts';
import { type AcceptDeps, confirmAcceptance, startAcceptance } from './accept-invitation.ts';
import { type AdminSignInDeps, finishSignIn, type SignedIn, stepUp } from './finish-sign-in.ts';
import type { PresentedFactor } from './prove-factor.ts';
import { startSignIn } from './start-sign-in.ts';
import { endSession } from './store.ts';

export type AdminSignInRoutesDeps = AdminSignInDeps & AcceptDeps & { begin: BeginDeps };

const PATH = '/api/admin/auth';
const base = { cors: 'nobody', tag: 'Administration: sign-in' } as const;
const factorRefusals = ['invalid_admin_factor', 'invalid_webauthn_authentication', 'rate_limited'];
const iso = (at: number) => new Date(at).toISOString();

interface WireFactor {
  code?: string;
  passkey?: { request_id: string; credential: AssertionCredential };
}

function originOf(headers: RawRequest['headers']): string | null {
  return typeof headers.origin === 'string' ? headers.origin : null;
}

function readFactor(wire: WireFactor, headers: RawRequest['headers'], request: RequestFacts): PresentedFactor {
  const { code, passkey } = wire;
  const presented = passkey && { requestId: passkey.request_id, credential: passkey.credential };
  return { code, passkey: presented, origin: originOf(headers), request };
}

function present({ token, expiresInSeconds, administrator }: SignedIn) {
  return {
    access_token: token,
    token_type: 'Bearer',
    expires_in: expiresInSeconds,
    admin: presentAdministrator(administrator),
  };
}

function loginRoute(deps: AdminSignInRoutesDeps): Route {
  return defineRoute({
    ...base,
    method: 'POST',
    path: `${PATH}/login`,
    access: 'public',
    summary: 'Sign in as an administrator, first step',
    body: AdminLogin,
    responses: { 200: AdminMfaRequired },
    refusals: ['invalid_admin_credentials', 'rate_limited'],
    async handle({ body, facts }) {
      const started = await startSignIn(deps, { ...body, request: facts });
      return {
        status: 'mfa_required',
        challenge_token: started.challengeToken,
        factors: started.factors,
        expires_in: started.expiresInSeconds,
      };
    },
  });
}

function passkeyOptionsRoute(deps: AdminSignInRoutesDeps): Route {
  return defineRoute({
    ...base,
    method: 'POST',
    path: `${PATH}/passkey/options`,
    access: 'public',
    summary: 'Options for a passkey as second factor',
    body: Type.Object({}, { additionalProperties: false }),
    responses: { 200: PasskeyOptions },
    refusals: ['invalid_origin'],
    async handle({ headers }) {
      const client = await deps.clients.administrators();
      const origin = originOf(headers) ?? undefined;
      const { requestId, publicKey } = await beginAuthentication(deps.begin, { client, origin, rpId: undefined });
      return { request_id: requestId, publicKey };
    },
  });
}

function mfaRoute(deps: AdminSignInRoutesDeps): Route {
  return defineRoute({
    ...base,
    method: 'POST',
    path: `${PATH}/mfa`,
    access: 'public',
    summary: 'Sign in as an administrator, second step',
    body: AdminMfa,
    responses: { 200: AdminToken },
    refusals: ['invalid_admin_challenge', ...factorRefusals],
    async handle({ body, headers, facts }) {
      const factor = readFactor(body, headers, facts);
      return present(await finishSignIn(deps, { challengeToken: body.challenge_token, factor }));
    },
  });
}

function stepUpRoute(deps: AdminSignInRoutesDeps): Route {
  return defineRoute({
    ...base,
    method: 'POST',
    path: `${PATH}/step-up`,
    access: 'admin_session',
    summary: 'Show a second factor once more, for what needs a recent proof',
    body: AdminStepUp,
    responses: { 200: AdminToken },
    refusals: factorRefusals,
    async handle({ caller, body, headers, facts }) {
      const { administrator, sessionId } = caller;
      const factor = readFactor(body, headers, facts);
      return present(await stepUp(deps, { userId: administrator.id, sessionId, factor }));
    },
  });
}

function logoutRoute(deps: AdminSignInRoutesDeps): Route {
  return defineRoute({
    ...base,
    method: 'POST',
    path: `${PATH}/logout`,
    access: 'admin_session',
    summary: 'End this session of an administrator',
    responses: { 200: Ok },
    async handle({ caller, facts }) {
      const { administrator, sessionId } = caller;
      await deps.database.write(async (tx) => {
        if (!(await endSession(tx, sessionId, deps.clock.now()))) return;
        await deps.announce(tx, {
          name: 'admin_logout',
          clientId: ADMINISTRATORS_CLIENT,
          actor: { type: 'administrator', id: administrator.id },
          target: { type: 'admin_session', id: sessionId },
          request: facts,
        });
      });
      return { ok: true };
    },
  });
}

function selfRoute(): Route {
  return defineRoute({
    ...base,
    method: 'GET',
    path: `${PATH}/me`,
    access: 'admin_session',
    summary: 'The signed-in administrator, and what they may do',
    responses: { 200: AdminSelf },
    handle({ caller }) {
      const { administrator, authenticatedAt } = caller;
      const { roles, scope } = administrator;
      return {
        admin: presentAdministrator(administrator),
        permissions: adminPermissions.filter((permission) => mayAdminister(roles, scope, permission)),
        authenticated_at: iso(authenticatedAt),
      };
    },
  });
}

function acceptRoute(deps: AdminSignInRoutesDeps): Route {
  return defineRoute({
    ...base,
    method: 'POST',
    path: `${PATH}/invitation`,
    access: 'public',
    summary: 'Accept an invitation: choose a password',
    body: AdminInvitationAccept,
    responses: { 200: AdminInvitationAccepted },
    refusals: ['invalid_invitation', 'password_refused', 'rate_limited'],
    async handle({ body }) {
      const { challengeToken, expiresInSeconds, totp } = await startAcceptance(deps, body);
      return {
        challenge_token: challengeToken,
        expires_in: expiresInSeconds,
        totp: { secret: totp.secret, otpauth_url: totp.otpauthUrl },
      };
    },
  });
}

function confirmRoute(deps: AdminSignInRoutesDeps): Route {
  return defineRoute({
    ...base,
    method: 'POST',
    path: `${PATH}/invitation/confirm`,
    access: 'public',
    summary: 'Accept an invitation: a first code of the authenticator app',
    body: AdminInvitationConfirm,
    responses: { 200: Ok },
    refusals: ['invalid_admin_challenge', 'invalid_admin_factor', 'invalid_invitation', 'rate_limited'],
    async handle({ body, facts }) {
      await confirmAcceptance(deps, { challengeToken: body.challenge_token, code: body.code, request: facts });
      return { ok: true };
    },
  });
}

/** `/api/admin/auth`: signing in and out, and accepting an invitation. */
export function adminSignInRoutes(deps: AdminSignInRoutesDeps): Route[] {
  return [
    loginRoute(deps),
    passkeyOptionsRoute(deps),
    mfaRoute(deps),
    stepUpRoute(deps),
    logoutRoute(deps),
    selfRoute(),
    acceptRoute(deps),
    confirmRoute(deps),
  ];
}
