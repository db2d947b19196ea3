import type { AuthData } from './auth-data.ts';
import type { Requirements } from './requirements-policy.ts';
import { judgeRequirements } from './requirements-policy.ts';
import { TokenError } from './token-error.ts';
import type { Verifier } from './verifier.ts';

/** Settings of a guard: the route's requirements and, for tests, the clock (milliseconds since the epoch). */
export type GuardOptions = Requirements & { readonly now?: () => number };

/** A "no" ready to be sent, whatever the framework. */
export type Denial = {
  readonly status: 401 | 403 | 503;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: { readonly error: string; readonly message: string };
};

/** Either who sent the request or the answer that refuses it. */
export type Authentication = { readonly authData: AuthData } | { readonly denial: Denial };

/** Verifies the value of an `Authorization` header (RFC 6750 §2.1) and applies the route's requirements. */
export async function authenticateHeader(
  verifier: Verifier,
  header: string | undefined,
  options: GuardOptions,
): Promise<Authentication> {
  try {
    const authData = await verifier.verify(bearerToken(header));
    const verdict = judgeRequirements(authData, options, (options.now ?? Date.now)());
    return verdict === 'accepted' ? { authData } : { denial: denyInsufficient(verdict, options) };
  } catch (error) {
    if (error instanceof TokenError) return { denial: denyToken(error) };
    throw error;
  }
}

function bearerToken(header: string | undefined): string {
  const [, token = ''] = /^Bearer +([^\s,]+)$/i.exec(header ?? '') ?? [];
  return token;
}

function denyToken({ code, message }: TokenError): Denial {
  const body = { error: code, message };
  if (code === 'keys_unavailable') return { status: 503, headers: { 'retry-after': '5' }, body };
  // RFC 6750 §3.1: a request without a token learns only the scheme, not an error code.
  const challenge =
    code === 'token_missing' ? 'Bearer' : `Bearer error="invalid_token", error_description="${ascii(message)}"`;
  return { status: 401, headers: { 'www-authenticate': challenge }, body };
}

function denyInsufficient(
  verdict: 'insufficient_scope' | 'insufficient_user_authentication',
  { scopes = [], acrValues, maxAuthAgeSeconds }: Requirements,
): Denial {
  if (verdict === 'insufficient_scope') {
    const challenge = `Bearer error="insufficient_scope", scope="${scopes.join(' ')}"`;
    const body = { error: verdict, message: 'The access token lacks a scope that this needs.' };
    return { status: 403, headers: { 'www-authenticate': challenge }, body };
  }
  const parts = [`Bearer error="${verdict}"`];
  if (acrValues) parts.push(`acr_values="${acrValues.join(' ')}"`);
  if (maxAuthAgeSeconds !== undefined) parts.push(`max_age="${maxAuthAgeSeconds}"`);
  const body = { error: verdict, message: 'This needs a stronger or more recent sign-in.' };
  return { status: 401, headers: { 'www-authenticate': parts.join(', ') }, body };
}

function ascii(sentence: string): string {
  return sentence
    .replaceAll('’', "'")
    .replaceAll('"', "'")
    .replace(/[^\x20-\x7e]/g, '');
}
