/**
 * Tokens: access tokens as signed JWTs (RFC 9068) and their verification. One small synchronous JWS function signs and one verifies
 * (RFC 7515): asynchronous signing shares a thread pool with password hashing and would wait for it.
 * Every kind of token is accepted only where its kind is asked for.
 */
export type { AccessClaims } from './access-claims.ts';
export { createTokens, type IssuedToken, type Tokens, type TokensDeps } from './create-tokens.ts';
