import { type SqlBool, sql } from 'kysely';
import { isAmong, listOf, type Reader, statement, type Tx } from '../../platform/database/index.ts';
import type { AuditEventsTable } from '../audit-log/index.ts';
import { treeSize } from '../transparency-log/index.ts';
import type { EventFilter } from './filter.ts';
import type { AuditHoldsTable } from './tables.ts';

const RETENTION_LOCK = 7_777_003;

/** Holds and purges run one after another, so that no purge removes what is being held. On SQLite all writes do. */
export async function lockRetention(tx: Tx): Promise<void> {
  if (tx.dialect === 'postgres') await sql`select pg_advisory_xact_lock(${RETENTION_LOCK})`.execute(tx.query);
}

/** An event, its place, and whether it is held. */
export interface FoundEvent extends AuditEventsTable {
  seq: number;
  leaf_hash: string;
  held: string | null;
}

/** Sealed events together with their places: the one reading over the tables of three rooms. */
function sealed(on: Reader, filter: EventFilter) {
  let query = on.query
    .selectFrom('audit_leaves as place')
    .innerJoin('audit_events as event', 'event.id', 'place.event_id')
    .leftJoin('audit_holds as hold', 'hold.event_id', 'place.event_id')
    .selectAll('event')
    .select(['place.seq', 'place.leaf_hash', 'hold.event_id as held']);
  // Both columns stand beside the place too, with an index there.
  const { client_id, user_id, ...others } = filter.equal;
  if (client_id !== undefined) query = query.where('place.client_id', '=', client_id);
  if (user_id !== undefined) query = query.where('place.user_id', '=', user_id);
  for (const [column, value] of Object.entries(others)) {
    query = query.where(sql.ref(`event.${column}`), '=', value);
  }
  if (filter.within !== null) query = query.where('place.client_id', '=', filter.within);
  if (filter.from !== null) query = query.where('event.created_at', '>=', filter.from);
  if (filter.to !== null) query = query.where('event.created_at', '<', filter.to);
  if (filter.legalHold !== null) query = query.where('hold.event_id', filter.legalHold ? 'is not' : 'is', null);
  return query;
}

/** Places that one statement looks at: a filter that lets little through must not hold up everybody until the log was read to its end. */
const PLACES_AT_ONCE = 20_000;

/** The newest events before the place `before`. */
export async function listEvents(
  on: Reader,
  filter: EventFilter,
  page: { before: number; most: number },
): Promise<FoundEvent[]> {
  const found: FoundEvent[] = [];
  for (
    let end = Math.min(page.before, await treeSize(on));
    end > 0 && found.length < page.most;
    end -= PLACES_AT_ONCE
  ) {
    await new Promise(setImmediate);
    const some = sealed(on, filter)
      .where('place.seq', '<', end)
      .where('place.seq', '>=', end - PLACES_AT_ONCE)
      .orderBy('place.seq', 'desc')
      .limit(page.most - found.length);
    found.push(...(await some.execute()));
  }
  return found;
}

/** The events from the place `from` up to but not including `to`, oldest first, some at a time. */
export async function* eachEvent(
  on: Reader,
  filter: EventFilter,
  range: { from: number; to: number; most: number },
): AsyncGenerator<FoundEvent> {
  for (let from = range.from; from < range.to; ) {
    await new Promise(setImmediate);
    const end = Math.min(from + PLACES_AT_ONCE, range.to);
    const some = await sealed(on, filter)
      .where('place.seq', '>=', from)
      .where('place.seq', '<', end)
      .orderBy('place.seq')
      .limit(range.most)
      .execute();
    yield* some;
    const last = some.at(-1);
    from = last && some.length === range.most ? last.seq + 1 : end;
  }
}

const existing = statement<{ ids: string; within: string | null }, { id: string }>((query, p, dialect) =>
  query
    .selectFrom('audit_events')
    .select('id')
    .where(isAmong(dialect, 'id', { list: p('ids') }))
    .where((eb) => eb('client_id', '=', eb.fn.coalesce(eb.val(p('within')), 'client_id'))),
);

/** Which of these events may be held by somebody who sees the events of `within` only. */
export async function existingEvents(tx: Tx, ids: readonly string[], within: string | null): Promise<Set<string>> {
  const found = await existing.all(tx, { ids: listOf(ids), within });
  return new Set(found.map(({ id }) => id));
}

const placeHold = statement<AuditHoldsTable, never>((query, p) =>
  query
    .insertInto('audit_holds')
    .values({ event_id: p('event_id'), reason: p('reason'), placed_at: p('placed_at') })
    .onConflict((conflict) => conflict.column('event_id').doNothing()),
);
const releaseHold = statement<{ event_id: string }, never>((query, p) =>
  query.deleteFrom('audit_holds').where('event_id', '=', p('event_id')),
);

/** Holds or releases events; returns how many were not so before. */
export async function setHolds(
  tx: Tx,
  ids: readonly string[],
  hold: { reason: string; placedAt: number } | null,
): Promise<number> {
  let changed = 0;
  for (const event_id of ids) {
    const row = { event_id, reason: hold?.reason ?? '', placed_at: hold?.placedAt ?? 0 };
    changed += hold ? await placeHold.run(tx, row) : await releaseHold.run(tx, { event_id });
  }
  return changed;
}

function expired(on: Reader, now: number) {
  return on.query
    .selectFrom('audit_leaves as place')
    .innerJoin('audit_events as event', 'event.id', 'place.event_id')
    .where('event.retention_until', '<=', now)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('audit_holds as hold')
            .select(sql<SqlBool>`1`.as('one'))
            .whereRef('hold.event_id', '=', 'event.id'),
        ),
      ),
    );
}

/** The oldest sealed events whose retention is over and that nobody holds. */
export async function listExpired(tx: Tx, now: number, most: number): Promise<string[]> {
  const rows = await expired(tx, now).select('event.id').orderBy('place.seq').limit(most).execute();
  return rows.map((row) => row.id);
}

/** How many events a purge would remove, and how many it would leave because they are held. */
export async function countExpired(on: Reader, now: number): Promise<{ expired: number; held: number }> {
  const [free] = await expired(on, now)
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .execute();
  const [held] = await on.query
    .selectFrom('audit_holds as hold')
    .innerJoin('audit_events as event', 'event.id', 'hold.event_id')
    .where('event.retention_until', '<=', now)
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .execute();
  return { expired: Number(free?.count ?? 0), held: Number(held?.count ?? 0) };
}

const held = statement<object, { event_id: string }>((query) => query.selectFrom('audit_holds').select('event_id'));

/** All events that are held. */
export async function listHeld(on: Reader): Promise<Set<string>> {
  return new Set((await held.all(on, {})).map((row) => row.event_id));
}

/** One sealed event, if it may be shown. */
export async function findSealed(on: Reader, id: string, within: string | null): Promise<FoundEvent | null> {
  const filter = { equal: {}, from: null, to: null, legalHold: null, within };
  return (await sealed(on, filter).where('event.id', '=', id).executeTakeFirst()) ?? null;
}
