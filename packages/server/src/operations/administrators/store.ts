import { type Reader, statement, type Tx, takeOnce } from '../../platform/database/index.ts';
import { ADMINISTRATORS_CLIENT } from '../../tenancy/clients/index.ts';
import { type AdministratorRecord, readAdministrator } from './administrator-record.ts';
import type { AdminInvitationsTable, AdministratorsTable } from './tables.ts';

const client_id = ADMINISTRATORS_CLIENT;

type Of = { client_id: string; user_id: string };

const read = (row: AdministratorsTable | null) => row && readAdministrator(row);

export const insertAdministrator = statement<AdministratorsTable, never>((query, p) =>
  query.insertInto('administrators').values({
    client_id: p('client_id'),
    user_id: p('user_id'),
    email: p('email'),
    roles: p('roles'),
    scope: p('scope'),
    status: p('status'),
    created_at: p('created_at'),
    updated_at: p('updated_at'),
    created_by: p('created_by'),
  }),
);

const byId = statement<Of, AdministratorsTable>((query, p) =>
  query
    .selectFrom('administrators')
    .selectAll()
    .where('user_id', '=', p('user_id'))
    .where('client_id', '=', p('client_id')),
);

export async function findAdministrator(on: Reader, id: string): Promise<AdministratorRecord | null> {
  return read(await byId.first(on, { client_id, user_id: id }));
}

const byEmail = statement<{ client_id: string; email: string }, AdministratorsTable>((query, p) =>
  query
    .selectFrom('administrators')
    .selectAll()
    .where('email', '=', p('email'))
    .where('client_id', '=', p('client_id')),
);

export async function findAdministratorByEmail(on: Reader, email: string): Promise<AdministratorRecord | null> {
  return read(await byEmail.first(on, { client_id, email }));
}

const listed = statement<{ client_id: string; after: string; most: number }, AdministratorsTable>((query, p) =>
  query
    .selectFrom('administrators')
    .selectAll()
    .where('client_id', '=', p('client_id'))
    .where('user_id', '>', p('after'))
    .orderBy('user_id')
    .limit(p('most')),
);

/** Administrators in the order in which they were invited. */
export async function listAdministrators(
  on: Reader,
  page: { after: string | null; most: number },
): Promise<AdministratorRecord[]> {
  return (await listed.all(on, { client_id, after: page.after ?? '', most: page.most })).map(readAdministrator);
}

/**
 * On Postgres every row is locked: of two owners who take each other's rights at the same moment, the second sees what the first did. SQLite
 * has one writer.
 */
const all = statement<{ client_id: string }, AdministratorsTable>((query, p, dialect) => {
  const rows = query
    .selectFrom('administrators')
    .selectAll()
    .where('client_id', '=', p('client_id'))
    .orderBy('user_id');
  return dialect === 'postgres' ? rows.forUpdate() : rows;
});

/** Everybody, held still until the transaction ends. */
export async function holdAdministrators(tx: Tx): Promise<AdministratorRecord[]> {
  return (await all.all(tx, { client_id })).map(readAdministrator);
}

type Rights = Pick<AdministratorsTable, 'roles' | 'scope' | 'status'>;

const update = statement<Of & Rights & { now: number }, AdministratorsTable>((query, p) =>
  query
    .updateTable('administrators')
    .set({ roles: p('roles'), scope: p('scope'), status: p('status'), updated_at: p('now') })
    .where('user_id', '=', p('user_id'))
    .where('client_id', '=', p('client_id'))
    .returningAll(),
);

export async function updateAdministrator(
  tx: Tx,
  { id, roles, scope, status }: Pick<AdministratorRecord, 'id' | 'roles' | 'scope' | 'status'>,
  now: number,
): Promise<AdministratorRecord | null> {
  const rights = { roles: JSON.stringify(roles), scope: JSON.stringify(scope), status };
  return read(await update.first(tx, { client_id, user_id: id, ...rights, now }));
}

const activate = statement<Of & { now: number }, AdministratorsTable>((query, p) =>
  query
    .updateTable('administrators')
    .set({ status: 'active', updated_at: p('now') })
    .where('user_id', '=', p('user_id'))
    .where('client_id', '=', p('client_id'))
    .where('status', '=', 'invited')
    .returningAll(),
);

/** Makes somebody who was invited an administrator; null when they are not invited any more. */
export async function activateAdministrator(tx: Tx, id: string, now: number): Promise<AdministratorRecord | null> {
  return read(await activate.first(tx, { client_id, user_id: id, now }));
}

const removeInvitation = statement<Of, never>((query, p) =>
  query.deleteFrom('admin_invitations').where('user_id', '=', p('user_id')).where('client_id', '=', p('client_id')),
);

const insertInvitation = statement<AdminInvitationsTable, never>((query, p) =>
  query.insertInto('admin_invitations').values({
    client_id: p('client_id'),
    user_id: p('user_id'),
    invitation_id: p('invitation_id'),
    token_hash: p('token_hash'),
    expires_at: p('expires_at'),
    created_at: p('created_at'),
  }),
);

/** Writes an invitation in the place of the one before. */
export async function putInvitation(tx: Tx, row: Omit<AdminInvitationsTable, 'client_id'>): Promise<void> {
  await removeInvitation.run(tx, { client_id, user_id: row.user_id });
  await insertInvitation.run(tx, { ...row, client_id });
}

const invitationById = statement<{ client_id: string; invitation_id: string }, AdminInvitationsTable>((query, p) =>
  query
    .selectFrom('admin_invitations')
    .selectAll()
    .where('invitation_id', '=', p('invitation_id'))
    .where('client_id', '=', p('client_id')),
);

export function findInvitation(on: Reader, id: string): Promise<AdminInvitationsTable | null> {
  return invitationById.first(on, { client_id, invitation_id: id });
}

const take = takeOnce<{ client_id: string; invitation_id: string; now: number }, AdminInvitationsTable>(
  'admin_invitation',
  (query, p) =>
    query
      .deleteFrom('admin_invitations')
      .where('invitation_id', '=', p('invitation_id'))
      .where('client_id', '=', p('client_id'))
      .where('expires_at', '>', p('now'))
      .returningAll(),
);

/** Takes an invitation: whoever gets the row is the only one who ever does. */
export function takeInvitation(tx: Tx, id: string, now: number): Promise<AdminInvitationsTable | null> {
  return take.first(tx, { client_id, invitation_id: id, now });
}
