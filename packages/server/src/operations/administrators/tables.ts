export interface AdministratorsTable {
  client_id: string;
  /** The user of the reserved client. */
  user_id: string;
  /** In normal form, as the user has it. */
  email: string;
  /** JSON, read through `administrator-record.ts` only. */
  roles: string;
  scope: string;
  status: 'invited' | 'active' | 'suspended';
  created_at: number;
  updated_at: number;
  /** Null for the break-glass key and the command line. */
  created_by: string | null;
}

export interface AdminInvitationsTable {
  client_id: string;
  user_id: string;
  invitation_id: string;
  token_hash: string;
  expires_at: number;
  created_at: number;
}

declare module '../../platform/database/schema.ts' {
  interface Schema {
    administrators: AdministratorsTable;
    admin_invitations: AdminInvitationsTable;
  }
}
