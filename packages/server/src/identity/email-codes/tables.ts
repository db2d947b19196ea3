export interface EmailCodesTable {
  client_id: string;
  email: string;
  code_hash: string;
  /** Binds a code to the browser that asked for it; null when it was asked for through the API. */
  flow_hash: string | null;
  expires_at: number;
  consumed_at: number | null;
  /** Guesses at this code. */
  attempts: number;
  /** Wrong guesses since the last right one, over all codes of this address. */
  failures: number;
  created_at: number;
}

declare module '../../platform/database/schema.ts' {
  interface Schema {
    email_codes: EmailCodesTable;
  }
}
