import { isAmong, listOf, namesIn, type Reader, rowsIn, statement, type Tx } from '../../platform/database/index.ts';
import type { AuditEventsTable } from './tables.ts';

const insertRow = statement<AuditEventsTable, never>((query, p) =>
  query.insertInto('audit_events').values({
    id: p('id'),
    client_id: p('client_id'),
    user_id: p('user_id'),
    event_type: p('event_type'),
    actor_type: p('actor_type'),
    actor_id: p('actor_id'),
    target_type: p('target_type'),
    target_id: p('target_id'),
    request_id: p('request_id'),
    ip: p('ip'),
    user_agent: p('user_agent'),
    metadata: p('metadata'),
    created_at: p('created_at'),
    retention_until: p('retention_until'),
  }),
);

const insertUnsealed = statement<{ event_id: string }, never>((query, p) =>
  query.insertInto('audit_unsealed').values({ event_id: p('event_id') }),
);

const COLUMNS = {
  text: [
    ...(['id', 'client_id', 'user_id', 'event_type', 'actor_type', 'actor_id', 'target_type', 'target_id'] as const),
    ...(['request_id', 'ip', 'user_agent', 'metadata'] as const),
  ],
  bigint: ['created_at', 'retention_until'],
} as const;

/** All in one: on Postgres every statement is a journey to another process and back. SQLite knows no such statement, and no journey. */
const insertAll = statement<{ events: string }, never>((query, p, dialect) =>
  query
    .with('event', (db) =>
      db
        .insertInto('audit_events')
        .columns(namesIn(COLUMNS))
        .expression(rowsIn(dialect, { list: p('events'), columns: COLUMNS }))
        .returning('id'),
    )
    .insertInto('audit_unsealed')
    .columns(['event_id'])
    .expression((db) => db.selectFrom('event').select('id as event_id')),
);

/** Writes events, and puts them on the list of those that wait for their place in the transparency log. */
export function insertEvents(tx: Tx, events: readonly AuditEventsTable[]): void {
  if (tx.dialect === 'postgres') {
    insertAll.send(tx, { events: listOf(events) });
    return;
  }
  for (const event of events) {
    insertRow.send(tx, event);
    insertUnsealed.send(tx, { event_id: event.id });
  }
}

const byIds = statement<{ ids: string }, AuditEventsTable>((query, p, dialect) =>
  query
    .selectFrom('audit_events')
    .selectAll()
    .where(isAmong(dialect, 'id', { list: p('ids') })),
);

/** The events with these ids, in no order; purged ones are left out. */
export function findEvents(on: Reader, ids: readonly string[]): Promise<AuditEventsTable[]> {
  return byIds.all(on, { ids: listOf(ids) });
}

const removeByIds = statement<{ ids: string }, never>((query, p, dialect) =>
  query.deleteFrom('audit_events').where(isAmong(dialect, 'id', { list: p('ids') })),
);

/** Removes events whose retention is over; only a purge, which leaves a signed tombstone, may call it. */
export async function deleteEvents(tx: Tx, ids: readonly string[]): Promise<void> {
  await removeByIds.run(tx, { ids: listOf(ids) });
}

const anyUnsealed = statement<object, { event_id: string }>((query) =>
  query.selectFrom('audit_unsealed').select('event_id').limit(1),
);

/** Whether any committed event waits for its place. */
export async function hasUnsealed(on: Reader): Promise<boolean> {
  return (await anyUnsealed.first(on, {})) !== null;
}

const takeIds = statement<{ most: number }, { event_id: string }>((query, p) =>
  query
    .deleteFrom('audit_unsealed')
    .where('event_id', 'in', query.selectFrom('audit_unsealed').select('event_id').orderBy('event_id').limit(p('most')))
    .returning('event_id'),
);

/** Takes up to `most` events that wait, oldest first. */
export async function takeUnsealed(tx: Tx, most: number): Promise<AuditEventsTable[]> {
  const ids = (await takeIds.all(tx, { most })).map((row) => row.event_id);
  const events = await findEvents(tx, ids);
  return events.sort((a, b) => (a.id < b.id ? -1 : 1));
}

const newest = statement<object, { created_at: number }>((query) =>
  query.selectFrom('audit_events').select('created_at').orderBy('id', 'desc').limit(1),
);

/** When the newest event was written down; null when there is none. */
export async function newestEventAt(on: Reader): Promise<number | null> {
  return (await newest.first(on, {}))?.created_at ?? null;
}

const unsealed = statement<object, { count: number }>((query) =>
  query.selectFrom('audit_unsealed').select(({ fn }) => fn.countAll<number>().as('count')),
);

/** How many committed events wait for their place. */
export async function countUnsealed(on: Reader): Promise<number> {
  return Number((await unsealed.first(on, {}))?.count ?? 0);
}

const unsealedOfUser = statement<{ client_id: string; user_id: string }, AuditEventsTable>((query, p) =>
  query
    .selectFrom('audit_events')
    .selectAll()
    // Few wait: each is looked up, where a join may read the whole log.
    .where('id', 'in', query.selectFrom('audit_unsealed').select('event_id'))
    .where('client_id', '=', p('client_id'))
    .where('user_id', '=', p('user_id')),
);

/** What happened to one user and waits for its place. */
export function listUnsealedOfUser(on: Reader, of: { clientId: string; userId: string }): Promise<AuditEventsTable[]> {
  return unsealedOfUser.all(on, { client_id: of.clientId, user_id: of.userId });
}

const firstFrom = statement<{ id: string }, { id: string }>((query, p) =>
  query.selectFrom('audit_events').select('id').where('id', '>=', p('id')).orderBy('id').limit(1),
);

/** The id of the first event written down at `time` or later; null when there is none. Ids begin with their time (UUIDv7). */
export async function firstEventSince(on: Reader, time: number): Promise<string | null> {
  const hex = Math.max(0, time).toString(16).padStart(12, '0');
  const id = `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
  return (await firstFrom.first(on, { id }))?.id ?? null;
}
