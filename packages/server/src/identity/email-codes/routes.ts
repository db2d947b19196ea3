import {
  DirectEmailVerify,
  EmailCodeSent,
  EmailCodeStart,
  EmailCodeVerify,
  Ok,
  TokenAnswer,
  TransportQuery,
} from '@gatehouse/protocol';
import { acceptedLanguages } from '../../messages/index.ts';
import { defineRoute, type Route } from '../../platform/http/index.ts';
import { type PresentDeps, presentTokens, transportOf } from '../sessions/index.ts';
import { type SendEmailCodeDeps, sendEmailCode } from './send-email-code.ts';
import { type VerifyEmailCodeDeps, verifyEmailCode } from './verify-email-code.ts';

export type EmailCodesDeps = Omit<SendEmailCodeDeps & VerifyEmailCodeDeps & PresentDeps, 'limits'> & {
  limits: SendEmailCodeDeps['limits'] & VerifyEmailCodeDeps['limits'];
};

const tag = 'E-mail codes';
const sendRefusals = ['invalid_request', 'rate_limited', 'smtp_not_configured', 'login_method_disabled'];
const verifyRefusals = ['invalid_email_otp', 'rate_limited', 'login_method_disabled'];

function sendRoute(deps: EmailCodesDeps): Route {
  return defineRoute({
    method: 'POST',
    path: '/api/auth/email-code/send',
    access: 'client',
    cors: 'cookies',
    tag,
    summary: 'Send a sign-in code to an address',
    body: EmailCodeStart,
    responses: { 200: EmailCodeSent },
    refusals: sendRefusals,
    async handle({ caller, body, headers, facts }) {
      const locale = body.locale ?? (acceptedLanguages(headers) || 'en');
      const { expiresAt } = await sendEmailCode(deps, {
        ...caller,
        email: body.email,
        locale,
        flow: null,
        request: facts,
      });
      return { ok: true, expires_in: Math.round((expiresAt - deps.clock.now()) / 1000) };
    },
  });
}

function verifyRoute(deps: EmailCodesDeps): Route {
  return defineRoute({
    method: 'POST',
    path: '/api/auth/email-code/verify',
    access: 'client',
    cors: 'cookies',
    tag,
    summary: 'Sign in with the code',
    body: EmailCodeVerify,
    query: TransportQuery,
    responses: { 200: TokenAnswer },
    refusals: verifyRefusals,
    async handle({ caller, body, query, facts }) {
      const { email, code } = body;
      const input = { ...caller, email, code, flow: null, carrier: 'refresh-token' as const, request: facts };
      const session = await verifyEmailCode(deps, input);
      return presentTokens(deps, { session, transport: transportOf(body, query), profileClaims: true });
    },
  });
}

function directStartRoute(deps: EmailCodesDeps): Route {
  return defineRoute({
    method: 'POST',
    path: '/email/start',
    access: 'direct',
    tag: 'Direct paths',
    summary: 'Send a sign-in code to an address',
    body: EmailCodeStart,
    responses: { 200: Ok },
    refusals: sendRefusals,
    async handle({ caller, body, headers, facts }) {
      const locale = body.locale ?? (acceptedLanguages(headers) || 'en');
      await sendEmailCode(deps, { ...caller, email: body.email, locale, flow: null, request: facts });
      return { ok: true };
    },
  });
}

function directVerifyRoute(deps: EmailCodesDeps): Route {
  return defineRoute({
    method: 'POST',
    path: '/email/verify',
    access: 'direct',
    tag: 'Direct paths',
    summary: 'Sign in with the code',
    body: DirectEmailVerify,
    responses: { 200: TokenAnswer },
    refusals: verifyRefusals,
    async handle({ caller, body, facts }) {
      const { email, code } = body;
      const input = { ...caller, email, code, flow: null, carrier: 'refresh-token' as const, request: facts };
      const session = await verifyEmailCode(deps, input);
      return presentTokens(deps, { session, transport: 'json', profileClaims: body.claims === 'profile' });
    },
  });
}

/** Sending and verifying codes, on the API and on the direct paths. */
export function emailCodeRoutes(deps: EmailCodesDeps): Route[] {
  return [sendRoute, verifyRoute, directStartRoute, directVerifyRoute].map((route) => route(deps));
}
