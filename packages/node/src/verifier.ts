import type { JWTPayload, JWTVerifyOptions } from 'jose';
import { errors, jwtVerify } from 'jose';
import type { AuthData } from './auth-data.ts';
import { readAuthData } from './auth-data.ts';
import { createIssuerKeys } from './issuer-keys.ts';
import { createTokenCache } from './token-cache.ts';
import { TokenError } from './token-error.ts';

const maxTokenLength = 16_384;
const maxCachedMs = 600_000;
const acceptedUses: readonly unknown[] = ['access', 'client_credentials'];

/** What a verifier accepts. Give `audience` or `clientId` whenever the issuer serves more than one client. */
export type VerifierOptions = {
  /** The exact `iss` of accepted tokens, for example `https://auth.example.com`. */
  readonly issuer: string;
  readonly audience?: string | readonly string[];
  readonly clientId?: string;
  /** Where the keys are; `<issuer>/.well-known/jwks.json` unless given. */
  readonly jwksUri?: string;
  /** How many verified tokens are remembered, 10,000 unless given; 0 remembers none. */
  readonly maxCacheEntries?: number;
  /** How far the two clocks may differ, 5 seconds unless given. */
  readonly clockToleranceSeconds?: number;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  readonly fetch?: typeof fetch;
};

/** Verifies access tokens of one issuer. */
export type Verifier = {
  /** Resolves with who sent the token; rejects with `TokenError` and nothing else. */
  verify(token: string): Promise<AuthData>;
  /** Forgets the cached tokens and stops a key request under way. */
  close(): void;
};

/** Creates a verifier; throws a `TypeError` when the issuer or `jwksUri` is no URL. Fetches nothing before the first token. */
export function createVerifier(options: VerifierOptions): Verifier {
  const now = options.now ?? Date.now;
  const fetchKeys = options.fetch ?? globalThis.fetch;
  const cache = createTokenCache(options.maxCacheEntries ?? 10_000);
  const keys = createIssuerKeys({ jwksUri: keyAddress(options), now, fetch: fetchKeys });

  async function verifySignedToken(token: string): Promise<AuthData> {
    const checks = { ...checksOf(options), currentDate: new Date(now()) };
    const { payload } = await jwtVerify(token, keys.find, checks).catch(refuse);
    checkClaims(payload, options);
    const authData = readAuthData(payload);
    // The upper bound makes a key that the issuer withdrew count within minutes, even for long-lived tokens.
    cache.insert(token, authData, Math.min((payload.exp ?? 0) * 1000, now() + maxCachedMs));
    return authData;
  }

  return {
    async verify(token) {
      checkShape(token);
      return cache.find(token, now()) ?? (await verifySignedToken(token));
    },
    close() {
      cache.clear();
      keys.close();
    },
  };
}

function keyAddress(options: VerifierOptions): URL {
  const issuer = new URL(options.issuer);
  return options.jwksUri === undefined
    ? new URL(`${issuer.href.replace(/\/+$/, '')}/.well-known/jwks.json`)
    : new URL(options.jwksUri);
}

function checksOf(options: VerifierOptions): JWTVerifyOptions {
  return {
    algorithms: ['ES256', 'RS256', 'EdDSA'],
    typ: 'at+jwt',
    issuer: options.issuer,
    ...(options.audience === undefined ? {} : { audience: [options.audience].flat() }),
    clockTolerance: options.clockToleranceSeconds ?? 5,
    requiredClaims: ['exp', 'iat', 'sub'],
  };
}

function checkShape(token: unknown): void {
  if (typeof token !== 'string' || token === '') throw new TokenError('token_missing', 'No access token was sent.');
  if (token.length > maxTokenLength || token.split('.', 4).length !== 3) {
    throw new TokenError('token_malformed', 'The access token is not a signed JWT.');
  }
}

function checkClaims(claims: JWTPayload, options: VerifierOptions): void {
  if (!acceptedUses.includes(claims.token_use)) {
    throw new TokenError('token_claims_invalid', 'The token is not meant to be used as an access token.');
  }
  if (options.clientId !== undefined && claims.client_id !== options.clientId) {
    throw new TokenError('token_claims_invalid', 'The token was issued to another client.');
  }
}

function refuse(error: unknown): never {
  if (error instanceof TokenError) throw error;
  if (error instanceof errors.JWTExpired) {
    throw new TokenError('token_expired', 'The access token has expired.', { cause: error });
  }
  if (error instanceof errors.JWTClaimValidationFailed) {
    throw new TokenError('token_claims_invalid', `The token’s "${error.claim}" is not accepted here.`, {
      cause: error,
    });
  }
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid) {
    throw new TokenError('token_malformed', 'The access token is not a signed JWT.', { cause: error });
  }
  throw new TokenError('token_signature_invalid', 'The token’s signature cannot be accepted.', { cause: error });
}
