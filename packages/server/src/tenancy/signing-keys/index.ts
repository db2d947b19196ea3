/**
 * Signing keys: three slots. CURRENT signs, STANDBY is already published so that every verifier holds the next key before
 * it signs anything, RETIRED keys stay published until the last token they signed has expired (D6). The issuer's keys sign for
 * every client that has none of its own; the key of one client vouches for that client only. Private keys are sealed at rest.
 * Published as a JSON Web Key Set (RFC 7517).
 */
export { createSigningKeys, type SigningKeys, type SigningKeysDeps } from './create-signing-keys.ts';
export { ensureSigningKeys } from './ensure-signing-keys.ts';
export { generateKeys } from './generate-key.ts';
export { type ListedKey, listSigningKeys } from './list-signing-keys.ts';
export { applyRotation, type Rotated, rotateSigningKeys } from './rotate-signing-keys.ts';
export { signingKeyRoutes } from './routes.ts';
export type { Algorithm, PublicJwk, SigningKey, Slot } from './signing-key.ts';
