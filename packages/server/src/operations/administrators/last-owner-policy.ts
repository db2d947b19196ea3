import type { AdministratorRecord } from './administrator-record.ts';

type Rights = Pick<AdministratorRecord, 'id' | 'roles' | 'scope' | 'status'>;

/** Whether somebody can, by themselves, give everybody else their rights back. */
function isOwnerOfAll({ roles, scope, status }: Omit<Rights, 'id'>): boolean {
  return status === 'active' && scope.kind === 'all' && roles.includes('owner');
}

/** Whether an owner of the whole installation remains when `id` becomes `changed`, or goes (null). */
export function leavesAnOwner(all: readonly Rights[], id: string, changed: Omit<Rights, 'id'> | null): boolean {
  const is = all.find((one) => one.id === id);
  // Whoever is no such owner takes none away, also where there is none at all yet.
  if (!is || !isOwnerOfAll(is)) return true;
  return (changed !== null && isOwnerOfAll(changed)) || all.some((one) => one.id !== id && isOwnerOfAll(one));
}
