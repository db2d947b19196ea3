import type { JWTPayload } from 'jose';
import { TokenError } from './token-error.ts';

/** Who sent a request, as its access token says. Frozen, because verified tokens are cached and shared. */
export type AuthData = {
  readonly type: 'jwt';
  /** The person, on tokens of a person. */
  readonly userId: string | undefined;
  /** The program, on tokens from a client-credentials grant. */
  readonly serviceAccountId: string | undefined;
  readonly email: string | undefined;
  /** The user pool the token belongs to; the same as `clientId`. */
  readonly domainId: string;
  readonly orgId: string | undefined;
  readonly clientId: string;
  readonly sessionId: string | undefined;
  readonly scopes: readonly string[];
  readonly roles: readonly string[];
  /** Every claim of the token, as it was signed. */
  readonly claims: Readonly<JWTPayload>;
};

/** Reads the claims of an already verified token; throws `token_claims_invalid` when a required one has the wrong shape. */
export function readAuthData(claims: JWTPayload): AuthData {
  const isProgram = claims.token_use === 'client_credentials';
  const subject = requireText(claims, 'sub');
  const clientId = requireText(claims, 'client_id');
  return deepFreeze({
    type: 'jwt',
    userId: isProgram ? undefined : subject,
    serviceAccountId: isProgram ? subject : undefined,
    email: text(claims.email),
    domainId: clientId,
    orgId: text(claims.org_id),
    clientId,
    sessionId: text(claims.sid),
    scopes: readScopes(claims),
    roles: texts(claims.roles) ?? texts([claims.role]) ?? [],
    claims,
  });
}

function readScopes(claims: JWTPayload): string[] {
  return texts(claims.scopes) ?? (text(claims.scope) ?? '').split(' ').filter((scope) => scope !== '');
}

function requireText(claims: JWTPayload, name: string): string {
  const value = text(claims[name]);
  if (value === undefined) throw new TokenError('token_claims_invalid', `The token has no usable "${name}" claim.`);
  return value;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function texts(value: unknown): string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.every((item) => typeof item === 'string') ? [...value] : undefined;
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}
