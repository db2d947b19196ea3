import type { UsersTable } from './tables.ts';

/** One person in one client's pool. */
export interface User {
  id: string;
  clientId: string;
  email: string | null;
  emailVerifiedAt: number | null;
  displayName: string | null;
  role: string;
  status: 'active' | 'suspended';
  createdAt: number;
}

export function readUser(row: UsersTable): User {
  return {
    id: row.id,
    clientId: row.client_id,
    email: row.email,
    emailVerifiedAt: row.email_verified_at,
    displayName: row.display_name,
    role: row.role,
    status: row.status,
    createdAt: row.created_at,
  };
}

/** A user in the shape of the API. */
export function presentUser(user: User) {
  return {
    id: user.id,
    email: user.email,
    email_verified: user.emailVerifiedAt !== null,
    display_name: user.displayName,
    role: user.role,
    roles: [user.role],
    created_at: new Date(user.createdAt).toISOString(),
  };
}
