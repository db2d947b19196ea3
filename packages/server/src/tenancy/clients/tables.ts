export interface ClientsTable {
  id: string;
  slug: string;
  name: string;
  status: 'active' | 'disabled';
  /** JSON, read through `client-settings.ts` only. */
  settings: string;
  webhook_url: string | null;
  token_mode: 'v2_jwks' | 'v1_hs256';
  created_at: number;
  updated_at: number;
}

export interface ClientKeysTable {
  id: string;
  client_id: string;
  kind: 'api_key' | 'client_secret';
  secret_hash: string;
  created_at: number;
  expires_at: number | null;
}

export interface ClientOriginsTable {
  id: string;
  client_id: string;
  origin: string;
  created_at: number;
}

declare module '../../platform/database/schema.ts' {
  interface Schema {
    clients: ClientsTable;
    client_keys: ClientKeysTable;
    client_origins: ClientOriginsTable;
  }
}
