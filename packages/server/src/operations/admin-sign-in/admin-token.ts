import { createHmac } from 'node:crypto';
import { sameSecret, type Vault } from '../../platform/secrets/index.ts';

/** What an administrator's token says; the session row decides. */
export interface AdminClaims {
  iss: string;
  aud: string;
  sub: string;
  sid: string;
  /** Seconds since the epoch, as RFC 7519 has them. */
  iat: number;
  exp: number;
  jti: string;
  token_use: 'admin';
}

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** One algorithm and one type: a token with any other header is none of ours, so no header is ever read (RFC 8725 §3.1, §3.11). */
const HEADER = encode({ alg: 'HS256', typ: 'admin+jwt' });
const LABEL = 'admin-token';
const LONGEST = 2048;
const AUDIENCE = 'gatehouse-administration';

export interface AdminTokenDeps {
  vault: Vault;
  issuer: string;
  /** From the configuration; else the key derives from the master secret under its own label (D27). */
  tokenSecret: string | undefined;
}

function signaturesOf({ vault, tokenSecret }: AdminTokenDeps, part: string): [string, ...string[]] {
  if (tokenSecret !== undefined) return [createHmac('sha256', tokenSecret).update(part).digest('base64url')];
  return [vault.mac(LABEL, part), ...vault.previousMacs(LABEL, part)];
}

export function signAdminToken(
  deps: AdminTokenDeps,
  of: { userId: string; sessionId: string; jti: string; now: number; expiresAt: number },
): string {
  const claims: AdminClaims = {
    iss: deps.issuer,
    aud: AUDIENCE,
    sub: of.userId,
    sid: of.sessionId,
    iat: Math.floor(of.now / 1000),
    exp: Math.floor(of.expiresAt / 1000),
    jti: of.jti,
    token_use: 'admin',
  };
  const part = `${HEADER}.${encode(claims)}`;
  return `${part}.${signaturesOf(deps, part)[0]}`;
}

/** The claims of a token of ours that is in force, or null. */
export function readAdminToken(deps: AdminTokenDeps, token: string, now: number): AdminClaims | null {
  if (token.length > LONGEST || !token.startsWith(`${HEADER}.`)) return null;
  const [, payload = '', signature = '', ...rest] = token.split('.');
  const isOurs = signaturesOf(deps, `${HEADER}.${payload}`).some((expected) => sameSecret(expected, signature));
  if (!isOurs || rest.length > 0) return null;
  // Whatever is signed was written above.
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as AdminClaims;
  const isForUs = claims.iss === deps.issuer && claims.aud === AUDIENCE && claims.token_use === 'admin';
  return isForUs && claims.exp * 1000 > now ? claims : null;
}
