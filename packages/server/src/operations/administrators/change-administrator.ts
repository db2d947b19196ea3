import { clearGuesses } from '../../identity/lockout/index.ts';
import { deleteUserRow } from '../../identity/users/index.ts';
import type { Clock } from '../../platform/clock/index.ts';
import type { Database, Tx } from '../../platform/database/index.ts';
import { type Announce, changesOf, type RequestFacts } from '../../platform/events/index.ts';
import { ADMINISTRATORS_CLIENT } from '../../tenancy/clients/index.ts';
import type { Administrator } from '../admins/index.ts';
import { type AdministratorRecord, presentScope } from './administrator-record.ts';
import { refusals } from './errors.ts';
import { requireGrantable } from './judge-grant.ts';
import { leavesAnOwner } from './last-owner-policy.ts';
import { findAdministrator, holdAdministrators, updateAdministrator } from './store.ts';

export interface ChangeDeps {
  clock: Clock;
  database: Database;
  announce: Announce;
  /** Ends every session of an administrator. */
  endSessions(tx: Tx, userId: string): Promise<void>;
}

export interface Act {
  id: string;
  by: Administrator;
  request: RequestFacts;
}

type Rights = Pick<AdministratorRecord, 'roles' | 'scope' | 'status'>;

const shown = ({ roles, scope, status }: Rights) => ({ roles, scope: presentScope(scope), status });

/** The administrator an act is about. Throws administrator_not_found, own_administrator and admin_grant_exceeds_own. */
export async function requireActable(
  deps: Pick<ChangeDeps, 'database' | 'announce'>,
  { id, by, request }: Act,
  wanted?: Partial<Rights>,
): Promise<AdministratorRecord> {
  const record = await findAdministrator(deps.database.read, id);
  if (!record) throw refusals.administrator_not_found();
  const rights = [record, { ...record, ...wanted }];
  await requireGrantable(deps, { by, rights, target: id, request });
  if (by.actor.id === id) throw refusals.own_administrator();
  return record;
}

type Outcome = AdministratorRecord | 'gone' | 'last_owner' | 'invited';

function settle(outcome: Outcome): AdministratorRecord {
  if (outcome === 'gone') throw refusals.administrator_not_found();
  if (outcome === 'last_owner') throw refusals.last_owner();
  if (outcome === 'invited') throw refusals.administrator_invited();
  return outcome;
}

/** Changes roles, scope or status; in force with the next request of whoever it concerns. Throws last_owner, and what `requireActable` throws. */
export async function changeAdministrator(
  deps: ChangeDeps,
  input: Act & { change: Partial<Rights> },
): Promise<AdministratorRecord> {
  const { id, by, change, request } = input;
  await requireActable(deps, input, change);
  const outcome = await deps.database.write(async (tx): Promise<Outcome> => {
    const all = await holdAdministrators(tx);
    const before = all.find((one) => one.id === id);
    if (!before) return 'gone';
    // Looked at here: somebody may be taking their factors away at this moment.
    if (before.status === 'invited' && change.status !== undefined) return 'invited';
    const after = { ...before, ...change };
    if (!leavesAnOwner(all, id, after)) return 'last_owner';
    const updated = await updateAdministrator(tx, after, deps.clock.now());
    if (!updated) return 'gone';
    if (after.status === 'suspended') await deps.endSessions(tx, id);
    await deps.announce(tx, {
      name: 'admin_updated',
      clientId: ADMINISTRATORS_CLIENT,
      actor: by.actor,
      target: { type: 'administrator', id },
      metadata: { ...changesOf(shown(before), shown(after)) },
      request,
    });
    return updated;
  });
  return settle(outcome);
}

/** Removes an administrator with everything of theirs; what they did stays written down. Throws as `changeAdministrator` does. */
export async function removeAdministrator(deps: ChangeDeps, input: Act): Promise<void> {
  const { id, by, request } = input;
  await requireActable(deps, input);
  const outcome = await deps.database.write(async (tx): Promise<Outcome> => {
    const all = await holdAdministrators(tx);
    const before = all.find((one) => one.id === id);
    if (!before) return 'gone';
    if (!leavesAnOwner(all, id, null)) return 'last_owner';
    await deleteUserRow(tx, { clientId: ADMINISTRATORS_CLIENT, id });
    await clearGuesses(tx, { clientId: ADMINISTRATORS_CLIENT, subject: id });
    await deps.announce(tx, {
      name: 'admin_removed',
      clientId: ADMINISTRATORS_CLIENT,
      actor: by.actor,
      target: { type: 'administrator', id },
      metadata: { email: before.email, ...changesOf(shown(before), {}) },
      request,
    });
    return before;
  });
  settle(outcome);
}
