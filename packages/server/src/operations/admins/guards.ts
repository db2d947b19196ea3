import { INSTALLATION } from '../../platform/events/index.ts';
import { bearerOf, type Guard, type RawRequest } from '../../platform/http/index.ts';
import { ADMINISTRATORS_CLIENT, type Client, type Clients } from '../../tenancy/clients/index.ts';
import type { Administrator } from './administrator.ts';
import { type BreakGlassDeps, openBreakGlass } from './break-glass.ts';
import { refusals } from './errors.ts';
import { type AdminPermission, isProofFresh, mayAdminister, reaches } from './permissions-policy.ts';

declare module '../../platform/http/route.ts' {
  interface Callers {
    /** An administrator; what a list shows them follows from their scope. */
    admin: { admin: Administrator };
    /** An administrator inside the client that `:client_id` of the path names, and that their scope reaches. */
    client_admin: { admin: Administrator; client: Client };
  }
  interface Permissions {
    admin: AdminPermission;
    client_admin: AdminPermission;
  }
}

export interface AdminGuardDeps extends BreakGlassDeps {
  clients: Clients;
  /** The administrator an access token speaks for, or null. */
  verifyAdminToken(token: string): Promise<Administrator | null>;
}

async function identify(deps: AdminGuardDeps, request: RawRequest): Promise<Administrator> {
  const key = request.headers['x-admin-key'];
  if (typeof key === 'string') return openBreakGlass(deps, request, key);
  const token = bearerOf(request);
  const admin = token === null ? null : await deps.verifyAdminToken(token);
  if (admin) return admin;
  throw refusals.invalid_admin_token({
    headers: { 'www-authenticate': token ? 'Bearer error="invalid_token"' : 'Bearer' },
  });
}

async function allow(
  deps: AdminGuardDeps,
  request: RawRequest,
  permission: AdminPermission,
): Promise<{ admin: Administrator }> {
  const admin = await identify(deps, request);
  if (!mayAdminister(admin.roles, admin.scope, permission)) {
    const target = { type: 'permission', id: permission };
    const denied = {
      name: 'admin_permission_denied' as const,
      clientId: admin.scope.kind === 'all' ? INSTALLATION : admin.scope.clientId,
    };
    await deps.database.write((tx) =>
      deps.announce(tx, { ...denied, actor: admin.actor, target, request: request.facts }),
    );
    throw refusals.admin_permission_missing();
  }
  if (!isProofFresh(permission, admin.authenticatedAt, deps.clock.now())) throw refusals.admin_step_up_required();
  return { admin };
}

export function createAdminGuards(deps: AdminGuardDeps): {
  admin: Guard<{ admin: Administrator }, AdminPermission>;
  client_admin: Guard<{ admin: Administrator; client: Client }, AdminPermission>;
} {
  return {
    admin: (request, permission) => allow(deps, request, permission),
    client_admin: async (request, permission) => {
      const { admin } = await allow(deps, request, permission);
      const id = request.params.client_id ?? '';
      const isProduct = id !== ADMINISTRATORS_CLIENT && reaches(admin.scope, id);
      const client = isProduct ? await deps.clients.find(id) : null;
      // Foreign and absent are one answer (T-070).
      if (!client) throw refusals.client_not_found();
      return { admin, client };
    },
  };
}
