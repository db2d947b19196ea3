import { clearGuesses } from '../../identity/lockout/index.ts';
import { deletePasskeysOf } from '../../identity/passkeys/index.ts';
import { deletePassword } from '../../identity/passwords/index.ts';
import { deleteTotp } from '../../identity/totp/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import { ADMINISTRATORS_CLIENT } from '../../tenancy/clients/index.ts';
import type { AdministratorRecord } from './administrator-record.ts';
import { type Act, type ChangeDeps, requireActable } from './change-administrator.ts';
import { refusals } from './errors.ts';
import { type Invitation, writeInvitation } from './invitation.ts';
import { type InviteDeps, mailInvitation } from './invite-administrator.ts';
import { leavesAnOwner } from './last-owner-policy.ts';
import { holdAdministrators, updateAdministrator } from './store.ts';

export type ResetDeps = ChangeDeps & InviteDeps;

async function forgetFactors(tx: Tx, userId: string): Promise<void> {
  const own = { clientId: ADMINISTRATORS_CLIENT, userId };
  await deletePassword(tx, own);
  await deleteTotp(tx, own);
  await deletePasskeysOf(tx, own);
  await clearGuesses(tx, { clientId: ADMINISTRATORS_CLIENT, subject: userId });
}

/**
 * Takes password, authenticator app and passkeys from an administrator, and invites them anew: they choose a password
 * themselves. The last owner can be reset only by whoever holds the break-glass key or the machine. Throws as `changeAdministrator` does.
 */
export async function resetAdministrator(
  deps: ResetDeps,
  input: Act & { mailIn: string | null },
): Promise<{ administrator: AdministratorRecord; invitation: Invitation }> {
  const { id, by, mailIn, request } = input;
  await requireActable(deps, input);
  const outcome = await deps.database.write(async (tx) => {
    const all = await holdAdministrators(tx);
    const before = all.find((one) => one.id === id);
    if (!before) return 'gone' as const;
    const after = { ...before, status: 'invited' as const };
    if (by.actor.type === 'administrator' && !leavesAnOwner(all, id, after)) return 'last_owner' as const;
    await forgetFactors(tx, id);
    await deps.endSessions(tx, id);
    const administrator = await updateAdministrator(tx, after, deps.clock.now());
    if (!administrator) return 'gone' as const;
    const invitation = await writeInvitation({ ...deps, tx }, id);
    const mail = { email: before.email, url: invitation.url, expiresAt: invitation.expiresAt };
    await mailInvitation({ ...deps, tx }, { ...mail, mailIn });
    await deps.announce(tx, {
      name: 'admin_reset',
      clientId: ADMINISTRATORS_CLIENT,
      actor: by.actor,
      target: { type: 'administrator', id },
      metadata: { email: before.email, removed: ['password', 'totp', 'passkeys'] },
      request,
    });
    return { administrator, invitation };
  });
  if (outcome === 'gone') throw refusals.administrator_not_found();
  if (outcome === 'last_owner') throw refusals.last_owner();
  return outcome;
}
