export interface SessionsTable {
  id: string;
  client_id: string;
  user_id: string;
  created_at: number;
  /** The absolute end; refreshing does not move it. */
  expires_at: number;
  idle_ttl_ms: number | null;
  last_used_at: number;
  /** Authentication methods (RFC 8176), separated by spaces. */
  amr: string;
  acr: string;
  /** The refresh token in force; null for sessions of the hosted pages. */
  refresh_hash: string | null;
  /** The one just replaced, when that happened, and its successor sealed under it. */
  previous_hash: string | null;
  replaced_at: number | null;
  successor_sealed: string | null;
  /** The cookie of the hosted pages; null for all other sessions. */
  page_hash: string | null;
  user_agent: string;
  ip: string;
  ended_at: number | null;
  end_reason: string | null;
}

declare module '../../platform/database/schema.ts' {
  interface Schema {
    sessions: SessionsTable;
  }
}
