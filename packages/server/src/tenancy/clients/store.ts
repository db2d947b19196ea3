import { sql } from 'kysely';
import { type Reader, statement, type Tx } from '../../platform/database/index.ts';
import { ADMINISTRATORS_CLIENT, type Client, type ClientRecord } from './client.ts';
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
    webhook_url: p('webhook_url'),
    token_mode: p('token_mode'),
    created_at: p('created_at'),
    updated_at: p('updated_at'),
  }),
);

/** Everything about a client; null for the administrators' pool, which is not administered as a product. */
export async function findRecord(on: Reader, id: string): Promise<ClientRecord | null> {
  const row = id === ADMINISTRATORS_CLIENT ? null : await byId.first(on, { id });
  return row && readRecord(on, row);
}

async function readRecord(on: Reader, row: ClientsTable): Promise<ClientRecord> {
  const { id, slug, name, status } = row;
  return {
    id,
    slug,
    name,
    status,
    settings: readSettings(row.settings),
    webhookUrl: row.webhook_url,
    tokenMode: row.token_mode,
    allowedOrigins: (await originsOf.all(on, { client_id: id })).map((one) => one.origin),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** Which clients a list asks for. */
export interface ClientFilter {
  /** Part of the name or slug, in any case; all when absent. */
  q?: string | undefined;
  status?: Client['status'] | undefined;
  /** Only this one: the scope of whoever asks. */
  only?: string | undefined;
  limit: number;
  /** Clients that come after this id in the list. */
  after: string | null;
}

interface PageParameters {
  pattern: string;
  id: string;
  one: Client['status'];
  other: Client['status'];
  after: string;
  only: string;
  limit: number;
}

function pageStatement(of: { scoped: boolean; onward: boolean }) {
  return statement<PageParameters, ClientsTable>((query, p) => {
    const all = query
      .selectFrom('clients')
      .selectAll()
      .where('id', '<>', ADMINISTRATORS_CLIENT)
      .where('status', 'in', [p('one'), p('other')])
      .where((eb) =>
        eb.or([
          sql<boolean>`lower(name) like ${p('pattern')} escape '!'`,
          sql<boolean>`slug like ${p('pattern')} escape '!'`,
          eb('id', '=', p('id')),
        ]),
      );
    const reached = of.scoped ? all.where('id', '=', p('only')) : all;
    const rest = of.onward ? reached.where('id', '<', p('after')) : reached;
    return rest.orderBy('id', 'desc').limit(p('limit'));
  });
}

const firstPage = pageStatement({ scoped: false, onward: false });
const nextPage = pageStatement({ scoped: false, onward: true });
const scopedPage = pageStatement({ scoped: true, onward: false });
const scopedRest = pageStatement({ scoped: true, onward: true });

/** A page of clients, the default one first and then the newest. */
export async function listRecords(on: Reader, filter: ClientFilter): Promise<ClientRecord[]> {
  const { q = '', status, only, after, limit } = filter;
  const scoped = only !== undefined;
  const page = after === null ? (scoped ? scopedPage : firstPage) : scoped ? scopedRest : nextPage;
  const rows = await page.all(on, {
    pattern: `%${q.toLowerCase().replace(/[!%_]/g, '!$&')}%`,
    id: q,
    one: status ?? 'active',
    other: status ?? 'disabled',
    after: after ?? '',
    only: only ?? '',
    limit,
  });
  return Promise.all(rows.map((row) => readRecord(on, row)));
}

const touch = statement<{ id: string }, never>((query, p) =>
  query
    .updateTable('clients')
    .set({ id: p('id') })
    .where('id', '=', p('id')),
);

/** Holds a client still until the transaction ends, so that two changes at once happen one after the other; false when there is none. */
export async function holdClient(tx: Tx, id: string): Promise<boolean> {
  return (await touch.run(tx, { id })) > 0;
}

export const updateClientRow = statement<Omit<ClientsTable, 'created_at'>, never>((query, p) =>
  query
    .updateTable('clients')
    .set({
      slug: p('slug'),
      name: p('name'),
      status: p('status'),
      settings: p('settings'),
      webhook_url: p('webhook_url'),
      token_mode: p('token_mode'),
      updated_at: p('updated_at'),
    })
    .where('id', '=', p('id')),
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

/** Gives the keys of a kind that have no end, or a later one, this end. */
export const endKeys = statement<{ client_id: string; kind: ClientKeysTable['kind']; expires_at: number }, never>(
  (query, p) =>
    query
      .updateTable('client_keys')
      .set({ expires_at: p('expires_at') })
      .where('client_id', '=', p('client_id'))
      .where('kind', '=', p('kind'))
      .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', p('expires_at'))])),
);

export const forgetEndedKeys = statement<{ client_id: string; now: number }, never>((query, p) =>
  query.deleteFrom('client_keys').where('client_id', '=', p('client_id')).where('expires_at', '<=', p('now')),
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
