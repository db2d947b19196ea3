/**
 * Administrators: who may operate the installation, with which of the five roles and over which part of it (D17). Everything they may do is one
 * table, `permissions-policy.ts`. They sign in with a token of their own kind; the break-glass key (D27) is for days on which nobody can.
 */
export type { Administrator } from './administrator.ts';
export { refusals as adminRefusals } from './errors.ts';
export { type AdminGuardDeps, createAdminGuards } from './guards.ts';
export {
  type AdminPermission,
  type AdminRole,
  type AdminScope,
  adminPermissions,
  adminRoles,
  clientWithin,
  isProofFresh,
  mayAdminister,
  mayGrant,
  reaches,
} from './permissions-policy.ts';
