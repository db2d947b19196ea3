export interface TotpSecretsTable {
  client_id: string;
  user_id: string;
  secret_sealed: string;
  /** The newest time step whose code was used; older ones are spent with it. */
  last_step: number;
  created_at: number;
}

declare module '../../platform/database/schema.ts' {
  interface Schema {
    totp_secrets: TotpSecretsTable;
  }
}
