import type { Clock } from '../../platform/clock/index.ts';
import type { NewId } from '../../platform/ids/index.ts';
import type { SigningKeys } from '../signing-keys/index.ts';
import type { AccessClaims } from './access-claims.ts';
import { parseJws, signJws, verifyJws } from './jws.ts';

export interface TokensDeps {
  clock: Clock;
  newId: NewId;
  issuer: string;
  signingKeys: SigningKeys;
}

export interface IssuedToken {
  token: string;
  expiresInSeconds: number;
}

/** What the caller of `issueAccess` decides; the rest is the same for every token. */
export type AccessGrant = Omit<AccessClaims, 'iss' | 'exp' | 'iat' | 'jti' | 'token_use'>;

export interface Tokens {
  /** Signs an access token that lives `ttlMs`, and never beyond `notAfter`. */
  issueAccess(grant: AccessGrant, life: { ttlMs: number; notAfter: number }): Promise<IssuedToken>;
  /** The claims of an access token of ours that is signed, of the right kind and in force; else null. */
  verifyAccess(token: string): Promise<AccessClaims | null>;
}

const ACCESS_TYPE = 'at+jwt';
const SKEW_SECONDS = 5;

function readClaims(payload: string): Partial<Record<keyof AccessClaims | 'nbf', unknown>> | null {
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    return typeof claims === 'object' && claims !== null ? claims : null;
  } catch {
    return null;
  }
}

function isInForce(claims: Partial<Record<keyof AccessClaims | 'nbf', unknown>>, issuer: string, now: number): boolean {
  const { iss, exp, iat, nbf, token_use: use, sub, sid, client_id: clientId, aud } = claims;
  const texts = [sub, sid, clientId, aud].every((claim) => typeof claim === 'string');
  const numbers = Number.isInteger(exp) && Number.isInteger(iat) && nbf === undefined;
  return (
    texts &&
    numbers &&
    iss === issuer &&
    use === 'access' &&
    (exp as number) > now &&
    (iat as number) <= now + SKEW_SECONDS
  );
}

export function createTokens({ clock, newId, issuer, signingKeys }: TokensDeps): Tokens {
  return {
    async issueAccess(grant, { ttlMs, notAfter }) {
      const now = clock.now();
      const iat = Math.floor(now / 1000);
      const exp = Math.floor(Math.min(now + ttlMs, notAfter) / 1000);
      const claims: AccessClaims = { iss: issuer, ...grant, iat, exp, jti: newId(), token_use: 'access' };
      const token = signJws(await signingKeys.current(grant.client_id), ACCESS_TYPE, claims);
      return { token, expiresInSeconds: Math.max(0, exp - iat) };
    },
    async verifyAccess(token) {
      const jws = parseJws(token);
      if (!jws || jws.header.typ !== ACCESS_TYPE) return null;
      // Read before they are believed: they say whose key must have signed them.
      const claims = readClaims(jws.payload);
      if (typeof claims?.client_id !== 'string') return null;
      const key = await signingKeys.find(jws.header.kid, claims.client_id);
      if (!key || !verifyJws(jws, key)) return null;
      return isInForce(claims, issuer, Math.floor(clock.now() / 1000)) ? (claims as AccessClaims) : null;
    },
  };
}
