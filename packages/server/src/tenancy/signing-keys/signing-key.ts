import type { KeyObject } from 'node:crypto';

export type Algorithm = 'ES256' | 'RS256' | 'EdDSA';
export type Slot = 'CURRENT' | 'STANDBY' | 'RETIRED';

/** A public key as a verifier sees it (RFC 7517); never a private member. */
export type PublicJwk = Record<string, string>;

/** A key pair ready for use: keys are parsed once, never at each signature. */
export interface SigningKey {
  kid: string;
  algorithm: Algorithm;
  slot: Slot;
  publicJwk: PublicJwk;
  publicKey: KeyObject;
  privateKey: KeyObject;
}
