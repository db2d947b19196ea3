import type { Database } from '../../platform/database/index.ts';
import type { Announce, RequestFacts } from '../../platform/events/index.ts';
import { ADMINISTRATORS_CLIENT } from '../../tenancy/clients/index.ts';
import { type Administrator, type AdminRole, type AdminScope, mayGrant } from '../admins/index.ts';
import { refusals } from './errors.ts';

interface Grant {
  by: Administrator;
  /** Everything that is given or taken: what somebody has now, and what they are to have. */
  rights: readonly { roles: readonly AdminRole[]; scope: AdminScope }[];
  target: string;
  request: RequestFacts;
}

/** Refuses, and writes down, when somebody hands out or takes away more than they hold (T-074). Throws admin_grant_exceeds_own. */
export async function requireGrantable(
  deps: { database: Database; announce: Announce },
  { by, rights, target, request }: Grant,
): Promise<void> {
  if (rights.every((one) => mayGrant(by, one))) return;
  const act = { actor: by.actor, target: { type: 'administrator', id: target }, request };
  const denied = { name: 'admin_permission_denied' as const, clientId: ADMINISTRATORS_CLIENT, ...act };
  await deps.database.write((tx) => deps.announce(tx, denied));
  throw refusals.admin_grant_exceeds_own();
}
