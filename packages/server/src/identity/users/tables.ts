export interface UsersTable {
  id: string;
  client_id: string;
  email: string | null;
  email_verified_at: number | null;
  display_name: string | null;
  role: string;
  status: 'active' | 'suspended';
  created_at: number;
  updated_at: number;
}

declare module '../../platform/database/schema.ts' {
  interface Schema {
    users: UsersTable;
  }
}
