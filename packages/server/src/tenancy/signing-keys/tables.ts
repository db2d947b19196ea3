import type { Algorithm, Slot } from './signing-key.ts';

export interface SigningKeysTable {
  kid: string;
  /** Null for the issuer's own keys, which sign for every client without keys of its own. */
  client_id: string | null;
  algorithm: Algorithm;
  slot: Slot;
  /** `{}` for a secret that is shared (HS256): it has no public half. */
  public_jwk: string;
  private_sealed: string;
  created_at: number;
  retired_at: number | null;
  /** Signs nothing before this: every verifier is to know it first. */
  signs_from: number;
  /** When a retired key stops verifying; null while nobody has said. */
  verifies_until: number | null;
  /** 1: what the issuer's keys signed for this client is refused, because somebody ended it at once. */
  sole: number;
}

declare module '../../platform/database/schema.ts' {
  interface Schema {
    signing_keys: SigningKeysTable;
  }
}
