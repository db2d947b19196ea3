/**
 * Verifies Gatehouse access tokens (RFC 9068) in a Node.js back end, without asking the server about each of them.
 *
 * Promises: only asymmetric signatures of the configured issuer are accepted, the keys are fetched rarely and kept
 * when the key server is down, and verified tokens are remembered in bounded memory, never beyond their expiry.
 * Guards for frameworks are the entry points `@gatehouse/node/express` and `@gatehouse/node/fastify`.
 */
export type { AuthData } from './auth-data.ts';
export type { Authentication, Denial, GuardOptions } from './authenticate-header.ts';
export { authenticateHeader } from './authenticate-header.ts';
export type { Requirements } from './requirements-policy.ts';
export type { TokenErrorCode } from './token-error.ts';
export { TokenError } from './token-error.ts';
export type { Verifier, VerifierOptions } from './verifier.ts';
export { createVerifier } from './verifier.ts';
export type { VerifiedWebhook, VerifyWebhookOptions, WebhookErrorCode, WebhookEvent } from './webhook.ts';
export { verifyWebhook, WebhookError } from './webhook.ts';
