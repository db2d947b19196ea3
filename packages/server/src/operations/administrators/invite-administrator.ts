import { createUser } from '../../identity/users/index.ts';
import type { Clock } from '../../platform/clock/index.ts';
import type { Database, Tx } from '../../platform/database/index.ts';
import type { Announce, RequestFacts } from '../../platform/events/index.ts';
import type { NewId } from '../../platform/ids/index.ts';
import type { Jobs } from '../../platform/jobs/index.ts';
import { ADMINISTRATORS_CLIENT } from '../../tenancy/clients/index.ts';
import type { Administrator, AdminRole, AdminScope } from '../admins/index.ts';
import { type AdministratorRecord, presentScope } from './administrator-record.ts';
import { refusals } from './errors.ts';
import { type Invitation, writeInvitation } from './invitation.ts';
import { requireGrantable } from './judge-grant.ts';
import { type InvitationMail, invitationMailJob } from './mail-invitation.ts';
import { findAdministratorByEmail, insertAdministrator } from './store.ts';

export interface InviteDeps {
  clock: Clock;
  newId: NewId;
  issuer: string;
  database: Database;
  announce: Announce;
  jobs: Jobs;
}

export interface Invite {
  /** In normal form. */
  email: string;
  roles: AdminRole[];
  scope: AdminScope;
  /** Whoever invites; the command line does so with everything there is. */
  by: Administrator;
  /** The language of the mail; null sends none. */
  mailIn: string | null;
  request: RequestFacts;
}

async function insert(deps: InviteDeps & { tx: Tx }, invite: Invite): Promise<AdministratorRecord | null> {
  const { email, roles, scope, by } = invite;
  const own = {
    clientId: ADMINISTRATORS_CLIENT,
    email,
    emailVerified: false,
    displayName: null,
    role: 'administrator',
  };
  const user = await createUser(deps, own);
  if (!user) return null;
  const now = deps.clock.now();
  const record = {
    id: user.id,
    email,
    roles,
    scope,
    status: 'invited' as const,
    createdAt: now,
    createdBy: by.actor.id,
  };
  await insertAdministrator.run(deps.tx, {
    client_id: ADMINISTRATORS_CLIENT,
    user_id: user.id,
    email,
    roles: JSON.stringify(roles),
    scope: JSON.stringify(scope),
    status: 'invited',
    created_at: now,
    updated_at: now,
    created_by: by.actor.id,
  });
  return record;
}

/** Puts the mail with the link on the list. */
export async function mailInvitation(
  deps: { jobs: Jobs; tx: Tx },
  mail: Omit<InvitationMail, 'locale'> & { mailIn: string | null },
): Promise<void> {
  const { mailIn, ...rest } = mail;
  if (mailIn === null) return;
  await deps.jobs.enqueue(deps.tx, { kind: invitationMailJob, payload: { ...rest, locale: mailIn } });
}

/**
 * Invites somebody to administer. The link is in the answer, and mailed if asked for. Throws administrator_exists and
 * admin_grant_exceeds_own.
 */
export async function inviteAdministrator(
  deps: InviteDeps,
  invite: Invite,
): Promise<{ administrator: AdministratorRecord; invitation: Invitation }> {
  const { email, roles, scope, by, request } = invite;
  await requireGrantable(deps, { by, rights: [{ roles, scope }], target: email, request });
  const written = await deps.database.write(async (tx) => {
    if (await findAdministratorByEmail(tx, email)) return null;
    const inTx = { ...deps, tx };
    const administrator = await insert(inTx, invite);
    if (!administrator) return null;
    const invitation = await writeInvitation(inTx, administrator.id);
    await mailInvitation(inTx, { email, url: invitation.url, expiresAt: invitation.expiresAt, mailIn: invite.mailIn });
    await deps.announce(tx, {
      name: 'admin_invited',
      clientId: ADMINISTRATORS_CLIENT,
      actor: by.actor,
      target: { type: 'administrator', id: administrator.id },
      metadata: { email, roles, scope: presentScope(scope) },
      request,
    });
    return { administrator, invitation };
  });
  if (!written) throw refusals.administrator_exists();
  return written;
}
