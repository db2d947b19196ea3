import type { KeyObject } from 'node:crypto';

/** HS256 is for clients set to the legacy token mode only, and never published. */
export type Algorithm = 'ES256' | 'RS256' | 'EdDSA' | 'HS256';
export type Slot = 'CURRENT' | 'STANDBY' | 'RETIRED';

/** A public key as a verifier sees it (RFC 7517); never a private member. */
export type PublicJwk = Record<string, string>;

/** A key pair ready for use: keys are parsed once, never at each signature. For HS256 both halves are the one secret. */
export interface SigningKey {
  kid: string;
  /** Null for a key of the issuer. */
  clientId: string | null;
  algorithm: Algorithm;
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}
