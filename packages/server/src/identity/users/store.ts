import { sql } from 'kysely';
import { isAmong, listOf, type Reader, statement, type Tx } from '../../platform/database/index.ts';
import type { UsersTable } from './tables.ts';
import { readUser, type User } from './user.ts';

const byId = statement<{ client_id: string; id: string }, UsersTable>((query, p) =>
  query.selectFrom('users').selectAll().where('id', '=', p('id')).where('client_id', '=', p('client_id')),
);

export async function findUser(on: Reader, of: { clientId: string; id: string }): Promise<User | null> {
  const row = await byId.first(on, { client_id: of.clientId, id: of.id });
  return row && readUser(row);
}

const several = statement<{ ids: string; clientIds: string }, UsersTable>((query, p, dialect) =>
  query
    .selectFrom('users')
    .selectAll()
    .where(isAmong(dialect, 'id', { list: p('ids') }))
    .where(isAmong(dialect, 'client_id', { list: p('clientIds') })),
);

/** The users with these ids in any of these clients, in no order. */
export async function findUsers(
  on: Reader,
  of: { clientIds: readonly string[]; ids: readonly string[] },
): Promise<User[]> {
  return (await several.all(on, { ids: listOf(of.ids), clientIds: listOf(of.clientIds) })).map(readUser);
}

const held = statement<{ client_id: string; id: string }, UsersTable>((query, p, dialect) => {
  const one = query.selectFrom('users').selectAll().where('id', '=', p('id')).where('client_id', '=', p('client_id'));
  return dialect === 'postgres' ? one.forUpdate() : one;
});

/** A user, held still until the transaction ends, so that two changes at once happen one after the other; null when there is none. */
export async function holdUser(tx: Tx, of: { clientId: string; id: string }): Promise<User | null> {
  const row = await held.first(tx, { id: of.id, client_id: of.clientId });
  return row && readUser(row);
}

const heldByEmail = statement<{ client_id: string; email: string }, UsersTable>((query, p, dialect) => {
  const one = query
    .selectFrom('users')
    .selectAll()
    .where('client_id', '=', p('client_id'))
    .where('email', '=', p('email'));
  return dialect === 'postgres' ? one.forUpdate() : one;
});

/** The user with this address, held as by `holdUser`; null when there is none. */
export async function holdUserByEmail(tx: Tx, of: { clientId: string; email: string }): Promise<User | null> {
  const row = await heldByEmail.first(tx, { client_id: of.clientId, email: of.email });
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

/** What an administrator may change of a user. */
export interface UserChange {
  displayName: string | null;
  role: string;
  status: 'active' | 'suspended';
}

const update = statement<
  { client_id: string; id: string; display_name: string | null; role: string; status: User['status']; at: number },
  UsersTable
>((query, p) =>
  query
    .updateTable('users')
    .set({ display_name: p('display_name'), role: p('role'), status: p('status'), updated_at: p('at') })
    .where('id', '=', p('id'))
    .where('client_id', '=', p('client_id'))
    .returningAll(),
);

/** Changes a user; null when there is none. */
export async function updateUser(
  tx: Tx,
  of: { clientId: string; id: string; change: UserChange; now: number },
): Promise<User | null> {
  const { displayName, role, status } = of.change;
  const row = await update.first(tx, {
    client_id: of.clientId,
    id: of.id,
    display_name: displayName,
    role,
    status,
    at: of.now,
  });
  return row && readUser(row);
}

const remove = statement<{ client_id: string; id: string }, UsersTable>((query, p) =>
  query.deleteFrom('users').where('id', '=', p('id')).where('client_id', '=', p('client_id')).returningAll(),
);

/** Deletes a user, and with them their sessions, passkeys and other factors; null when there is none. */
export async function deleteUserRow(tx: Tx, of: { clientId: string; id: string }): Promise<User | null> {
  const row = await remove.first(tx, { client_id: of.clientId, id: of.id });
  return row && readUser(row);
}

type Status = UsersTable['status'];

/** A part of a list, of one status or of all. */
export interface Part {
  clientId: string;
  status: Status | null;
  after: string;
  most: number;
}

type PartParameters = { client_id: string; after: string; most: number };

/** One statement for each status, written into it: the few who are suspended have an index of their own. */
function ofEachStatus<S>(make: (status: Status | null) => S): (status: Status | null) => S {
  const [all, active, suspended] = [make(null), make('active'), make('suspended')];
  return (status) => (status === null ? all : status === 'active' ? active : suspended);
}

const having = (status: Status | null) =>
  status === null ? sql<boolean>`1 = 1` : sql<boolean>`status = ${sql.lit(status)}`;
const parametersOf = ({ clientId, after, most }: Part): PartParameters => ({ client_id: clientId, after, most });

const byIdOrder = ofEachStatus((status) =>
  statement<PartParameters, UsersTable>((query, p) =>
    query
      .selectFrom('users')
      .selectAll()
      .where('client_id', '=', p('client_id'))
      .where('id', '>', p('after'))
      .where(having(status))
      .orderBy('id')
      .limit(p('most')),
  ),
);

export const listUsers = (on: Reader, part: Part) => byIdOrder(part.status).all(on, parametersOf(part));

/** The order of an address's bytes: SQLite has it by itself, Postgres when told. */
const bytes = { sqlite: sql<string>`email`, postgres: sql<string>`email collate "C"` };

const byPrefix = ofEachStatus((status) =>
  statement<PartParameters & { from: string; to: string; q: string }, UsersTable>((query, p, dialect) =>
    query
      .selectFrom('users')
      .selectAll()
      .where('client_id', '=', p('client_id'))
      .where(bytes[dialect], '>=', p('from'))
      .where(bytes[dialect], '<', p('to'))
      .where(bytes[dialect], '>', p('after'))
      .where(having(status))
      .where((eb) => eb.or([eb('display_name', 'is', null), eb('display_name', '<>', p('q'))]))
      .orderBy(bytes[dialect])
      .limit(p('most')),
  ),
);

/** Users whose address begins with `prefix`, in the order of addresses; those of the exact name `q` are left out. */
export function listByPrefix(on: Reader, part: Part & { prefix: string; q: string }): Promise<UsersTable[]> {
  // No text sorts behind this one: it is the last code point there is.
  const range = { from: part.prefix, to: `${part.prefix}\u{10ffff}`, q: part.q };
  return byPrefix(part.status).all(on, { ...parametersOf(part), ...range });
}

const exactly = ofEachStatus((status) =>
  statement<PartParameters & { q: string }, UsersTable>((query, p) =>
    query
      .selectFrom('users')
      .selectAll()
      .where('client_id', '=', p('client_id'))
      .where('display_name', '=', p('q'))
      .where('id', '>', p('after'))
      .where(having(status))
      .orderBy('id')
      .limit(p('most')),
  ),
);

/** Users of exactly this display name. */
export function listByName(on: Reader, part: Part & { q: string }): Promise<UsersTable[]> {
  return exactly(part.status).all(on, { ...parametersOf(part), q: part.q });
}
