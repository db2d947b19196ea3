import { type Reader, statement } from '../../platform/database/index.ts';
import type { UsersTable } from './tables.ts';
import { readUser, type User } from './user.ts';

const byId = statement<{ client_id: string; id: string }, UsersTable>((query, p) =>
  query.selectFrom('users').selectAll().where('id', '=', p('id')).where('client_id', '=', p('client_id')),
);

export async function findUser(on: Reader, of: { clientId: string; id: string }): Promise<User | null> {
  const row = await byId.first(on, { client_id: of.clientId, id: of.id });
  return row && readUser(row);
}

const byEmail = statement<{ client_id: string; email: string }, UsersTable>((query, p) =>
  query.selectFrom('users').selectAll().where('client_id', '=', p('client_id')).where('email', '=', p('email')),
);

export async function findUserByEmail(on: Reader, of: { clientId: string; email: string }): Promise<User | null> {
  const row = await byEmail.first(on, { client_id: of.clientId, email: of.email });
  return row && readUser(row);
}

/** Writes a user unless the address is taken in this client; returns the row that was written. */
const insert = statement<UsersTable, UsersTable>((query, p) =>
  query
    .insertInto('users')
    .values({
      id: p('id'),
      client_id: p('client_id'),
      email: p('email'),
      email_verified_at: p('email_verified_at'),
      display_name: p('display_name'),
      role: p('role'),
      status: p('status'),
      created_at: p('created_at'),
      updated_at: p('updated_at'),
    })
    .onConflict((conflict) => conflict.columns(['client_id', 'email']).doNothing())
    .returningAll(),
);

export async function insertUser(on: Reader, row: UsersTable): Promise<User | null> {
  const written = await insert.first(on, row);
  return written && readUser(written);
}

export const markEmailVerified = statement<{ client_id: string; id: string; at: number }, never>((query, p) =>
  query
    .updateTable('users')
    .set({ email_verified_at: p('at'), updated_at: p('at') })
    .where('id', '=', p('id'))
    .where('client_id', '=', p('client_id'))
    .where('email_verified_at', 'is', null),
);

export const updateDisplayName = statement<
  { client_id: string; id: string; display_name: string | null; at: number },
  UsersTable
>((query, p) =>
  query
    .updateTable('users')
    .set({ display_name: p('display_name'), updated_at: p('at') })
    .where('id', '=', p('id'))
    .where('client_id', '=', p('client_id'))
    .returningAll(),
);
