import { type Reader, statement, type Tx } from '../../platform/database/index.ts';
import type { Client } from './client.ts';
import { readSettings } from './client-settings.ts';
import type { ClientKeysTable, ClientOriginsTable, ClientsTable } from './tables.ts';

const byId = statement<{ id: string }, ClientsTable>((query, p) =>
  query.selectFrom('clients').selectAll().where('id', '=', p('id')),
);

export async function findClient(on: Reader, id: string): Promise<Client | null> {
  const row = await byId.first(on, { id });
  if (!row) return null;
  return { id: row.id, slug: row.slug, name: row.name, status: row.status, settings: readSettings(row.settings) };
}

export const insertClient = statement<ClientsTable, never>((query, p) =>
  query.insertInto('clients').values({
    id: p('id'),
    slug: p('slug'),
    name: p('name'),
    status: p('status'),
    settings: p('settings'),
    created_at: p('created_at'),
    updated_at: p('updated_at'),
  }),
);

export const insertKey = statement<ClientKeysTable, never>((query, p) =>
  query.insertInto('client_keys').values({
    id: p('id'),
    client_id: p('client_id'),
    kind: p('kind'),
    secret_hash: p('secret_hash'),
    created_at: p('created_at'),
    expires_at: p('expires_at'),
  }),
);

export const findKey = statement<{ id: string }, ClientKeysTable>((query, p) =>
  query.selectFrom('client_keys').selectAll().where('id', '=', p('id')),
);

export const insertOrigin = statement<ClientOriginsTable, never>((query, p) =>
  query.insertInto('client_origins').values({
    id: p('id'),
    client_id: p('client_id'),
    origin: p('origin'),
    created_at: p('created_at'),
  }),
);

export const originsOf = statement<{ client_id: string }, ClientOriginsTable>((query, p) =>
  query
    .selectFrom('client_origins')
    .selectAll()
    .where('client_id', '=', p('client_id'))
    .orderBy('created_at')
    .orderBy('id'),
);

const allowing = statement<{ origin: string }, { client_id: string }>((query, p) =>
  query.selectFrom('client_origins').select('client_id').where('origin', '=', p('origin')).limit(2),
);

/** The clients that allow `origin`: none, the one, or two standing for "several". */
export async function clientsAllowing(on: Reader, origin: string): Promise<string[]> {
  return (await allowing.all(on, { origin })).map((row) => row.client_id);
}

export const findClientOrigin = statement<{ client_id: string; origin: string }, { id: string }>((query, p) =>
  query
    .selectFrom('client_origins')
    .select('id')
    .where('origin', '=', p('origin'))
    .where('client_id', '=', p('client_id')),
);

const changeOrigin = statement<{ id: string; client_id: string; origin: string }, never>((query, p) =>
  query
    .updateTable('client_origins')
    .set({ origin: p('origin') })
    .where('id', '=', p('id'))
    .where('client_id', '=', p('client_id')),
);

export async function updateOriginRow(tx: Tx, of: { id: string; client_id: string; origin: string }): Promise<boolean> {
  return (await changeOrigin.run(tx, of)) > 0;
}

const removeOrigin = statement<{ id: string; client_id: string }, never>((query, p) =>
  query.deleteFrom('client_origins').where('id', '=', p('id')).where('client_id', '=', p('client_id')),
);

export async function deleteOriginRow(tx: Tx, of: { id: string; client_id: string }): Promise<boolean> {
  return (await removeOrigin.run(tx, of)) > 0;
}
