/** The five roles of administrators (D17); an administrator may have several. */
export const adminRoles = ['owner', 'security_admin', 'support_admin', 'billing_admin', 'read_only_auditor'] as const;
export type AdminRole = (typeof adminRoles)[number];

/** Everything an administrator can be allowed to do. Routes name one of these as their access. */
export const adminPermissions = [
  'clients:read',
  'clients:write',
  'keys:rotate',
  'users:read',
  'users:write',
  'users:export',
  'admins:read',
  'admins:write',
  'config:read',
  'config:write',
  'audit:read',
  'audit:export',
  'audit:hold',
  'audit:purge',
  'webhooks:read',
  'webhooks:write',
  'metrics:read',
] as const;
export type AdminPermission = (typeof adminPermissions)[number];

const everythingRead = adminPermissions.filter((permission) => permission.endsWith(':read'));

/** Who may do what: the whole table. */
const table: Record<AdminRole, readonly AdminPermission[]> = {
  owner: adminPermissions,
  security_admin: [...everythingRead, 'keys:rotate', 'users:write', 'audit:export', 'audit:hold', 'webhooks:write'],
  support_admin: ['clients:read', 'users:read', 'users:write', 'users:export', 'audit:read'],
  billing_admin: ['clients:read', 'metrics:read'],
  read_only_auditor: [...everythingRead, 'audit:export'],
};

/** Permissions that concern the whole installation: a scope of one client or organization never has them. */
const installationWide: ReadonlySet<AdminPermission> = new Set([
  'admins:read',
  'admins:write',
  'config:read',
  'config:write',
  'audit:purge',
  'metrics:read',
]);

/** Acts that a forgotten, open browser must not be enough for. */
const freshOnly: ReadonlySet<AdminPermission> = new Set([
  'keys:rotate',
  'admins:write',
  'config:write',
  'audit:export',
  'audit:hold',
  'audit:purge',
]);
const FRESH_MS = 300_000;

/** Whether the proof of who somebody is, given at `authenticatedAt`, is recent enough for what they want to do (D15). */
export function isProofFresh(permission: AdminPermission, authenticatedAt: number, now: number): boolean {
  return !freshOnly.has(permission) || now - authenticatedAt <= FRESH_MS;
}

/** What part of the installation an administrator is responsible for. */
export type AdminScope =
  | { kind: 'all' }
  | { kind: 'client'; clientId: string }
  | { kind: 'organization'; clientId: string; organizationId: string };

/** Whether an administrator with these roles and this scope has a permission at all. */
export function mayAdminister(roles: readonly AdminRole[], scope: AdminScope, permission: AdminPermission): boolean {
  if (scope.kind !== 'all' && installationWide.has(permission)) return false;
  return roles.some((role) => table[role].includes(permission));
}

/** Whether a scope reaches things of a client; null stands for the whole installation. */
export function reaches(scope: AdminScope, clientId: string | null): boolean {
  if (scope.kind === 'all') return true;
  return scope.kind === 'client' && clientId === scope.clientId;
}

/**
 * The only client whose things a list may show; null for all. A scope of one organization sees no list of its client: the empty
 * text is the id of none.
 */
export function clientWithin(scope: AdminScope): string | null {
  if (scope.kind === 'all') return null;
  return scope.kind === 'client' ? scope.clientId : '';
}

/** Whether somebody with `own` may hand out `given`: nobody grants more than they hold (T-074, T-075). */
export function mayGrant(
  own: { roles: readonly AdminRole[]; scope: AdminScope },
  given: { roles: readonly AdminRole[]; scope: AdminScope },
): boolean {
  const clientId = given.scope.kind === 'all' ? null : given.scope.clientId;
  if (!reaches(own.scope, clientId)) return false;
  return given.roles.every((role) =>
    table[role].every((permission) => mayAdminister(own.roles, own.scope, permission)),
  );
}
