/**
 * Administrators as people: who was invited, with which roles and scope, and where they are signed in. They are users of a reserved client,
 * so their passwords, one-time codes and passkeys are those of every user. An invitation works once, for seven days; nobody ever sets
 * a password for somebody else. One active owner of the whole installation always remains (T-008).
 */
export {
  type AdministratorRecord,
  presentAdministrator,
} from './administrator-record.ts';
export { type Invitation, readInvitationToken } from './invitation.ts';
export { type InviteDeps, inviteAdministrator } from './invite-administrator.ts';
export { listAdministratorAccess } from './list-access.ts';
export { registerInvitationMail } from './mail-invitation.ts';
export { resetAdministrator } from './reset-administrator.ts';
export { administratorRoutes } from './routes.ts';
export {
  activateAdministrator,
  findAdministrator,
  findAdministratorByEmail,
  findInvitation,
  listAdministrators,
  takeInvitation,
} from './store.ts';
