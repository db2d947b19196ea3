export interface PasswordsTable {
  client_id: string;
  user_id: string;
  /** The argon2id hash with its parameters (PHC form), sealed by the vault. */
  hash_sealed: string;
  changed_at: number;
}

declare module '../../platform/database/schema.ts' {
  interface Schema {
    passwords: PasswordsTable;
  }
}
