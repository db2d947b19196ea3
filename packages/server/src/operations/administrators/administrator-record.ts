import { type AdminRole, type AdminScope, adminRoles } from '../admins/index.ts';
import type { AdministratorsTable } from './tables.ts';

/** One person who administers, or was invited to. */
export interface AdministratorRecord {
  id: string;
  email: string;
  roles: AdminRole[];
  scope: AdminScope;
  status: AdministratorsTable['status'];
  createdAt: number;
  createdBy: string | null;
}

const isRole = (value: unknown): value is AdminRole => adminRoles.some((role) => role === value);

function readRoles(json: string): AdminRole[] {
  const roles: unknown = JSON.parse(json);
  if (Array.isArray(roles) && roles.every(isRole)) return roles;
  throw new Error('the stored roles of an administrator are not valid');
}

/** Throws when the row is not what this version wrote: guessing at somebody's rights is worse than stopping. */
function parseScope(json: string): AdminScope {
  const scope = JSON.parse(json) as AdminScope;
  const { kind } = scope;
  const named = kind === 'all' || typeof scope.clientId === 'string';
  const whole = kind !== 'organization' || typeof scope.organizationId === 'string';
  if (['all', 'client', 'organization'].includes(kind) && named && whole) return scope;
  throw new Error('the stored scope of an administrator is not valid');
}

export function readAdministrator(row: AdministratorsTable): AdministratorRecord {
  return {
    id: row.user_id,
    email: row.email,
    roles: readRoles(row.roles),
    scope: parseScope(row.scope),
    status: row.status,
    createdAt: row.created_at,
    createdBy: row.created_by,
  };
}

/** A scope in the shape of the API. */
export function presentScope(scope: AdminScope) {
  if (scope.kind === 'all') return { kind: scope.kind };
  const ofClient = { kind: scope.kind, client_id: scope.clientId };
  return scope.kind === 'client' ? ofClient : { ...ofClient, organization_id: scope.organizationId };
}

/** An administrator in the shape of the API. */
export function presentAdministrator(record: AdministratorRecord) {
  return {
    id: record.id,
    email: record.email,
    roles: record.roles,
    scope: presentScope(record.scope),
    status: record.status,
    created_at: new Date(record.createdAt).toISOString(),
    created_by: record.createdBy,
  };
}
