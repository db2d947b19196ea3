/** A sign-in, the acceptance of an invitation, or the change to another authenticator app, between its two steps. */
export interface AdminChallengesTable {
  id: string;
  client_id: string;
  user_id: string;
  purpose: 'sign_in' | 'invitation' | 'totp';
  secret_hash: string;
  /** What waits for the second step, sealed; null where nothing does. */
  payload_sealed: string | null;
  expires_at: number;
}

export interface AdminSessionsTable {
  id: string;
  client_id: string;
  user_id: string;
  created_at: number;
  /** When the second factor was shown last. */
  authenticated_at: number;
  expires_at: number;
  ended_at: number | null;
  ip: string;
  user_agent: string;
}

declare module '../../platform/database/schema.ts' {
  interface Schema {
    admin_challenges: AdminChallengesTable;
    admin_sessions: AdminSessionsTable;
  }
}
