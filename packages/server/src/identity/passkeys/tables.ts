export interface PasskeysTable {
  id: string;
  client_id: string;
  user_id: string;
  credential_id: string;
  rp_id: string;
  /** COSE key, base64url. */
  public_key: string;
  counter: number;
  /** Separated by spaces. */
  transports: string;
  backup_eligible: number;
  backed_up: number;
  aaguid: string;
  name: string;
  created_at: number;
  last_used_at: number | null;
}

export interface PasskeyChallengesTable {
  id: string;
  client_id: string;
  purpose: 'register' | 'authenticate';
  /** Who registers; null for sign-in, where nobody is known yet. */
  user_id: string | null;
  challenge_hash: string;
  origin: string;
  rp_id: string;
  expires_at: number;
}

declare module '../../platform/database/schema.ts' {
  interface Schema {
    passkeys: PasskeysTable;
    passkey_challenges: PasskeyChallengesTable;
  }
}
