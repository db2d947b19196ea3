import type { AdminRole, AdminScope } from './permissions-policy.ts';

/** Who administers: a person who signed in, or whoever holds the break-glass key. */
export interface Administrator {
  /** As events name them; `id` is null for the break-glass key and the command line, which are nobody. */
  actor: { type: 'administrator' | 'break_glass' | 'operator'; id: string | null };
  roles: readonly AdminRole[];
  scope: AdminScope;
  /** When they last proved who they are, milliseconds since the epoch. */
  authenticatedAt: number;
}
