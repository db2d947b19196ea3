import { AdminPasswordChange, AdminTotpConfirm, AdminTotpPending, Ok } from '@gatehouse/protocol';
import { Type } from 'typebox';
import { acceptedLanguages } from '../../messages/index.ts';
import { defineRoute, type Route } from '../../platform/http/index.ts';
import { type ChangePasswordDeps, changePassword } from './change-password.ts';
import { type OwnPasskeyDeps, ownPasskeyRoutes } from './own-passkey-routes.ts';
import { beginReplacement, confirmReplacement, type ReplaceTotpDeps } from './replace-totp.ts';

export type AdminFactorDeps = ChangePasswordDeps & ReplaceTotpDeps & OwnPasskeyDeps;

const PATH = '/api/admin/auth';
const base = { method: 'POST', access: 'admin_session', cors: 'nobody', tag: 'Administration: sign-in' } as const;

function passwordRoute(deps: AdminFactorDeps): Route {
  return defineRoute({
    ...base,
    path: `${PATH}/password`,
    summary: 'Change one’s own password',
    body: AdminPasswordChange,
    responses: { 200: Ok },
    refusals: ['wrong_current_password', 'password_refused', 'rate_limited'],
    async handle({ caller, body, headers, facts }) {
      const { current_password: current, new_password: fresh } = body;
      await changePassword(deps, { caller, current, fresh, locale: acceptedLanguages(headers), request: facts });
      return { ok: true };
    },
  });
}

function beginTotpRoute(deps: AdminFactorDeps): Route {
  return defineRoute({
    ...base,
    path: `${PATH}/totp`,
    summary: 'Start replacing one’s own authenticator app',
    body: Type.Object({}, { additionalProperties: false }),
    responses: { 200: AdminTotpPending },
    refusals: ['admin_step_up_required'],
    async handle({ caller }) {
      const { totp, expiresInSeconds } = await beginReplacement(deps, caller);
      return { secret: totp.secret, otpauth_url: totp.otpauthUrl, expires_in: expiresInSeconds };
    },
  });
}

function confirmTotpRoute(deps: AdminFactorDeps): Route {
  return defineRoute({
    ...base,
    path: `${PATH}/totp/confirm`,
    summary: 'Replace one’s own authenticator app: a first code of the new one',
    body: AdminTotpConfirm,
    responses: { 200: Ok },
    refusals: ['admin_step_up_required', 'invalid_admin_challenge', 'invalid_admin_factor', 'rate_limited'],
    async handle({ caller, body, headers, facts }) {
      await confirmReplacement(deps, { caller, code: body.code, locale: acceptedLanguages(headers), request: facts });
      return { ok: true };
    },
  });
}

/** `/api/admin/auth/{password,totp,passkeys}`: what an administrator signs in with. */
export function adminFactorRoutes(deps: AdminFactorDeps): Route[] {
  return [passwordRoute(deps), beginTotpRoute(deps), confirmTotpRoute(deps), ...ownPasskeyRoutes(deps)];
}
