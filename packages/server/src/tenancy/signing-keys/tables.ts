import type { Algorithm, Slot } from './signing-key.ts';

export interface SigningKeysTable {
  kid: string;
  /** Null for the issuer's own keys, which sign for every client without keys of its own. */
  client_id: string | null;
  algorithm: Algorithm;
  slot: Slot;
  public_jwk: string;
  private_sealed: string;
  created_at: number;
  retired_at: number | null;
}

declare module '../../platform/database/schema.ts' {
  interface Schema {
    signing_keys: SigningKeysTable;
  }
}
