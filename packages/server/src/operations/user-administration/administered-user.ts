import { findUser, presentUser, type User } from '../../identity/users/index.ts';
import type { Clock } from '../../platform/clock/index.ts';
import type { Database } from '../../platform/database/index.ts';
import type { Announce, RequestFacts } from '../../platform/events/index.ts';
import type { Callers } from '../../platform/http/index.ts';
import type { NewId } from '../../platform/ids/index.ts';
import type { Administrator } from '../admins/index.ts';
import { refusals } from './errors.ts';

export interface UserAdministrationDeps {
  clock: Clock;
  newId: NewId;
  database: Database;
  announce: Announce;
}

/** An act of an administrator on one user. */
export interface UserAct {
  clientId: string;
  userId: string;
  actor: Administrator['actor'];
  request: RequestFacts;
}

/** The user an act is about. Throws user_not_found. */
export async function requireUser(
  { database }: Pick<UserAdministrationDeps, 'database'>,
  { clientId, userId }: Pick<UserAct, 'clientId' | 'userId'>,
): Promise<User> {
  const user = await findUser(database.read, { clientId, id: userId });
  if (!user) throw refusals.user_not_found();
  return user;
}

/** A user as an administrator sees them. */
export function presentAdministered(user: User) {
  return { ...presentUser(user), client_id: user.clientId, status: user.status };
}

/** What an administrator does to one user, from a request. */
export function actOf(of: {
  caller: Callers['client_admin'];
  params: { user_id: string };
  facts: RequestFacts;
}): UserAct {
  const { caller, params, facts } = of;
  return { clientId: caller.client.id, userId: params.user_id, actor: caller.admin.actor, request: facts };
}
