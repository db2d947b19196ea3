import { sql } from 'kysely';
import {
  isAmong,
  listOf,
  type ParameterOf,
  type Reader,
  statement,
  type Tx,
} from '../../../platform/database/index.ts';
import type { WebhookEndpointsTable } from '../tables.ts';

export type Own = { id: string; client_id: string };

export const insertEndpoint = statement<WebhookEndpointsTable, never>((query, p) =>
  query.insertInto('webhook_endpoints').values({
    id: p('id'),
    client_id: p('client_id'),
    source: p('source'),
    url: p('url'),
    events: p('events'),
    status: p('status'),
    secret_sealed: p('secret_sealed'),
    previous_sealed: p('previous_sealed'),
    previous_until: p('previous_until'),
    start_seq: p('start_seq'),
    failures: p('failures'),
    work_at: p('work_at'),
    quiet_until: p('quiet_until'),
    replay_seq: p('replay_seq'),
    replay_end: p('replay_end'),
    replay_since: p('replay_since'),
    created_at: p('created_at'),
    updated_at: p('updated_at'),
  }),
);

const own = statement<Own, WebhookEndpointsTable>((query, p) =>
  query.selectFrom('webhook_endpoints').selectAll().where('id', '=', p('id')).where('client_id', '=', p('client_id')),
);

export function findEndpoint(on: Reader, of: Own): Promise<WebhookEndpointsTable | null> {
  return own.first(on, of);
}

/** Takes the row for the transaction under way: of two changes the second sees what the first did. */
export const holdEndpoint = statement<Own, WebhookEndpointsTable>((query, p) =>
  query
    .updateTable('webhook_endpoints')
    .set({ id: p('id') })
    .where('id', '=', p('id'))
    .where('client_id', '=', p('client_id'))
    .returningAll(),
);

const page = statement<{ client_id: string; after: string; most: number }, WebhookEndpointsTable>((query, p) =>
  query
    .selectFrom('webhook_endpoints')
    .selectAll()
    .where('client_id', '=', p('client_id'))
    .where('id', '>', p('after'))
    .orderBy('id')
    .limit(p('most')),
);

/** Endpoints of a client after the one with the id `after`, oldest first. */
export function listEndpoints(
  on: Reader,
  of: { client_id: string; after: string; most: number },
): Promise<WebhookEndpointsTable[]> {
  return page.all(on, of);
}

const number = statement<{ client_id: string }, { count: number }>((query, p) =>
  query
    .selectFrom('webhook_endpoints')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('client_id', '=', p('client_id')),
);

export async function countEndpoints(on: Reader, clientId: string): Promise<number> {
  return Number((await number.first(on, { client_id: clientId }))?.count ?? 0);
}

const ofClientItself = statement<{ client_id: string }, WebhookEndpointsTable>((query, p) =>
  query
    .selectFrom('webhook_endpoints')
    .selectAll()
    .where('client_id', '=', p('client_id'))
    .where('source', '=', 'client'),
);

/** The endpoint that stands for the client's own `webhook_url`. */
export function findClientEndpoint(on: Reader, clientId: string): Promise<WebhookEndpointsTable | null> {
  return ofClientItself.first(on, { client_id: clientId });
}

type Change = Own &
  Pick<
    WebhookEndpointsTable,
    'url' | 'events' | 'status' | 'failures' | 'quiet_until' | 'start_seq' | 'updated_at' | 'work_at'
  >;

export const updateEndpoint = statement<Change, never>((query, p) =>
  query
    .updateTable('webhook_endpoints')
    .set({
      url: p('url'),
      events: p('events'),
      status: p('status'),
      failures: p('failures'),
      quiet_until: p('quiet_until'),
      start_seq: p('start_seq'),
      work_at: p('work_at'),
      updated_at: p('updated_at'),
    })
    .where('id', '=', p('id'))
    .where('client_id', '=', p('client_id')),
);

type Secrets = Own & Pick<WebhookEndpointsTable, 'secret_sealed' | 'previous_sealed' | 'previous_until' | 'updated_at'>;

export const updateSecrets = statement<Secrets, never>((query, p) =>
  query
    .updateTable('webhook_endpoints')
    .set({
      secret_sealed: p('secret_sealed'),
      previous_sealed: p('previous_sealed'),
      previous_until: p('previous_until'),
      updated_at: p('updated_at'),
    })
    .where('id', '=', p('id'))
    .where('client_id', '=', p('client_id')),
);

export const deleteEndpoint = statement<Own, never>((query, p) =>
  query.deleteFrom('webhook_endpoints').where('id', '=', p('id')).where('client_id', '=', p('client_id')),
);

const disable = statement<Own & { url: string; now: number }, { id: string }>((query, p) =>
  query
    .updateTable('webhook_endpoints')
    .set({ status: 'disabled', updated_at: p('now') })
    .where('id', '=', p('id'))
    .where('client_id', '=', p('client_id'))
    .where('url', '=', p('url'))
    .where('status', '=', 'active')
    .returning('id'),
);

/** Disables an endpoint, unless it is already or has another address by now. */
export async function disableEndpoint(tx: Tx, of: Own & { url: string; now: number }): Promise<boolean> {
  return (await disable.first(tx, of)) !== null;
}

const quiet = statement<Own & { url: string; until: number }, never>((query, p) =>
  query
    .updateTable('webhook_endpoints')
    .set({ quiet_until: p('until') })
    .where('id', '=', p('id'))
    .where('client_id', '=', p('client_id'))
    .where('url', '=', p('url'))
    .where('quiet_until', '<', p('until')),
);

/** Leaves an endpoint alone until then, unless it has another address by now. */
export async function quietEndpoint(tx: Tx, of: Own & { url: string; until: number }): Promise<void> {
  await quiet.run(tx, of);
}

const active = statement<{ clientIds: string }, WebhookEndpointsTable>((query, p, dialect) =>
  query
    .selectFrom('webhook_endpoints')
    .selectAll()
    .where(isAmong(dialect, 'client_id', { list: p('clientIds') }))
    .where('status', '=', 'active')
    .orderBy('id'),
);

/** Active endpoints of these clients. */
export function listActiveEndpoints(on: Reader, clientIds: readonly string[]): Promise<WebhookEndpointsTable[]> {
  return active.all(on, { clientIds: listOf(clientIds) });
}

const anyActive = statement<object, { id: string }>((query) =>
  query.selectFrom('webhook_endpoints').select('id').where('status', '=', 'active').limit(1),
);

/** Whether anybody listens at all. */
export async function hasActiveEndpoint(on: Reader): Promise<boolean> {
  return (await anyActive.first(on, {})) !== null;
}

const earlier = <P extends { at: number }>(p: ParameterOf<P>) =>
  sql<number>`case when work_at is not null and work_at < ${p('at')} then work_at else ${p('at')} end`;

const wake = statement<Own & { at: number }, never>((query, p) =>
  query
    .updateTable('webhook_endpoints')
    .set({ work_at: earlier(p) })
    .where('id', '=', p('id'))
    .where('client_id', '=', p('client_id')),
);

/** Says that there is something to do for an endpoint at `at` at the latest. */
export async function wakeEndpoint(tx: Tx, of: Own & { at: number }): Promise<void> {
  await wake.run(tx, of);
}

/** What is sent for a client that is switched off waits; the queue of everybody must not begin with it. */
const isClientActive = sql<boolean>`exists (select 1 from clients where clients.id = webhook_endpoints.client_id and clients.status = 'active')`;

const due = statement<{ now: number; most: number }, Pick<WebhookEndpointsTable, 'id' | 'client_id' | 'failures'>>(
  (query, p) =>
    query
      .selectFrom('webhook_endpoints')
      .select(['id', 'client_id', 'failures'])
      .where('work_at', '<=', p('now'))
      .where('quiet_until', '<=', p('now'))
      .where('status', '=', 'active')
      .where(isClientActive)
      .orderBy('work_at')
      .limit(p('most')),
);

/** Endpoints for which there is something to do, those that wait longest first. */
export function listDueEndpoints(on: Reader, of: { now: number; most: number }) {
  return due.all(on, of);
}

const lockDue = statement<Own & { now: number }, WebhookEndpointsTable>((query, p, dialect) => {
  const one = query
    .selectFrom('webhook_endpoints')
    .selectAll()
    .where('id', '=', p('id'))
    .where('client_id', '=', p('client_id'))
    .where('work_at', '<=', p('now'))
    .where('quiet_until', '<=', p('now'))
    .where('status', '=', 'active')
    .where(isClientActive);
  return dialect === 'postgres' ? one.forUpdate().skipLocked() : one;
});

/** Takes an endpoint that is due for this transaction; null when another node is at it, or it no longer is. */
export function lockDueEndpoint(tx: Tx, of: Own & { now: number }): Promise<WebhookEndpointsTable | null> {
  return lockDue.first(tx, of);
}

export const setWorkAt = statement<Own & { work_at: number | null }, never>((query, p) =>
  query
    .updateTable('webhook_endpoints')
    .set({ work_at: p('work_at') })
    .where('id', '=', p('id'))
    .where('client_id', '=', p('client_id')),
);

const taken = statement<Own & { now: number }, never>((query, p) =>
  query
    .updateTable('webhook_endpoints')
    .set({ failures: 0, work_at: p('now') })
    .where('id', '=', p('id'))
    .where('client_id', '=', p('client_id')),
);

export async function noteSuccess(tx: Tx, of: Own & { now: number }): Promise<void> {
  await taken.run(tx, of);
}

const failed = statement<Own & { now: number }, { failures: number }>((query, p) =>
  query
    .updateTable('webhook_endpoints')
    .set((eb) => ({ failures: eb('failures', '+', 1), work_at: p('now') }))
    .where('id', '=', p('id'))
    .where('client_id', '=', p('client_id'))
    .returning('failures'),
);

/** Counts a failure; returns how many there were in a row. */
export async function noteFailure(tx: Tx, of: Own & { now: number }): Promise<number> {
  return (await failed.first(tx, of))?.failures ?? 0;
}
