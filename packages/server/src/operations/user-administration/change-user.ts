import { forgetAddress } from '../../identity/email-codes/index.ts';
import { clearGuesses } from '../../identity/lockout/index.ts';
import { endSessionsIn } from '../../identity/sessions/index.ts';
import {
  createUser,
  deleteUserRow,
  findUser,
  holdUser,
  type NewUser,
  type User,
  type UserChange,
  updateUser,
} from '../../identity/users/index.ts';
import { changesOf } from '../../platform/events/index.ts';
import type { UserAct, UserAdministrationDeps } from './administered-user.ts';
import { refusals } from './errors.ts';

const shown = ({ displayName, role, status }: UserChange) => ({ display_name: displayName, role, status });

/** Makes a user. Throws user_exists. */
export async function addUser(
  deps: UserAdministrationDeps,
  input: NewUser & Pick<UserAct, 'actor' | 'request'>,
): Promise<User> {
  const { actor, request, ...of } = input;
  const user = await deps.database.write(async (tx) => {
    const written = await createUser({ ...deps, tx }, of);
    if (!written) return null;
    const after = { email: written.email, email_verified: of.emailVerified, ...shown(written) };
    const metadata = { ...changesOf({}, after) };
    await deps.announce(tx, {
      name: 'user_created',
      clientId: of.clientId,
      userId: written.id,
      actor,
      metadata,
      request,
    });
    return written;
  });
  if (!user) throw refusals.user_exists();
  return user;
}

/** Changes a user; suspending ends every session of theirs in the same moment. Throws user_not_found. */
export async function changeUser(
  deps: UserAdministrationDeps,
  input: UserAct & { change: Partial<UserChange> },
): Promise<User> {
  const { clientId, userId, actor, change, request } = input;
  const by = { clientId, userId, actor, request };
  const user = await deps.database.write(async (tx) => {
    const before = await holdUser(tx, { clientId, id: userId });
    if (!before) return null;
    const { displayName, role, status } = { ...before, ...change };
    const after = { displayName, role, status };
    const changed = await updateUser(tx, { clientId, id: userId, change: after, now: deps.clock.now() });
    await deps.announce(tx, { name: 'user_updated', ...by, metadata: { ...changesOf(shown(before), shown(after)) } });
    if (status === 'suspended') await endSessionsIn({ ...deps, tx }, { ...by, reason: 'suspended' });
    return changed;
  });
  if (!user) throw refusals.user_not_found();
  return user;
}

/** Deletes a user with everything of theirs; what happened stays in the audit log. Throws user_not_found. */
export async function removeUser(deps: UserAdministrationDeps, input: UserAct): Promise<void> {
  const { clientId, userId, actor, request } = input;
  const gone = await deps.database.write(async (tx) => {
    const user = await deleteUserRow(tx, { clientId, id: userId });
    if (!user) return null;
    if (user.email !== null) await forgetAddress(tx, { clientId, email: user.email });
    await clearGuesses(tx, { clientId, subject: userId });
    await deps.announce(tx, { name: 'user_deleted', clientId, userId, actor, request });
    return user;
  });
  if (!gone) throw refusals.user_not_found();
}

/** Lets somebody in again whose codes or password were shut after too many wrong guesses. Throws user_not_found. */
export async function unlockUser(deps: UserAdministrationDeps, input: UserAct): Promise<void> {
  const { clientId, userId, actor, request } = input;
  const user = await deps.database.write(async (tx) => {
    const found = await findUser(tx, { clientId, id: userId });
    if (!found) return null;
    if (found.email !== null) await forgetAddress(tx, { clientId, email: found.email });
    await clearGuesses(tx, { clientId, subject: userId });
    await deps.announce(tx, { name: 'user_unlocked', clientId, userId, actor, request });
    return found;
  });
  if (!user) throw refusals.user_not_found();
}
