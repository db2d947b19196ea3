import { sql } from 'kysely';
import { listOf, namesIn, type Reader, rowsIn, statement, type Tx } from '../../../platform/database/index.ts';
import type { WebhookDeliveriesTable } from '../tables.ts';

const COLUMNS = {
  text: ['id', 'client_id', 'endpoint_id', 'event_id', 'event_type', 'status', 'last_error'],
  integer: ['attempts', 'last_status'],
  bigint: ['seq', 'next_attempt_at', 'leased_until', 'give_up_at', 'last_duration_ms', 'settled_at', 'created_at'],
} as const;

const add = (renewing: boolean) =>
  statement<{ rows: string }, never>((query, p, dialect) =>
    query
      .insertInto('webhook_deliveries')
      .columns(namesIn(COLUMNS))
      .expression(rowsIn(dialect, { list: p('rows'), columns: COLUMNS }))
      .onConflict((on) => {
        const known = on.columns(['endpoint_id', 'seq']);
        if (!renewing) return known.doNothing();
        return known.doUpdateSet((eb) => ({
          status: 'pending' as const,
          next_attempt_at: eb.ref('excluded.next_attempt_at'),
          give_up_at: eb.ref('excluded.give_up_at'),
          attempts: 0,
          settled_at: null,
        }));
      }),
  );
const addMissing = add(false);
const addOrRenew = add(true);

/** Adds deliveries; an endpoint that has one of the same event keeps it as it is. */
export async function insertDeliveries(tx: Tx, rows: readonly WebhookDeliveriesTable[]): Promise<void> {
  await addMissing.run(tx, { rows: listOf(rows) });
}

/** Adds deliveries; one of the same event begins anew. */
export async function renewDeliveries(tx: Tx, rows: readonly WebhookDeliveriesTable[]): Promise<void> {
  await addOrRenew.run(tx, { rows: listOf(rows) });
}

const locked = statement<object, { seq: number }>((query, _p, dialect) => {
  const one = query.selectFrom('webhook_cursor').select('seq').where('id', '=', 'events');
  return dialect === 'postgres' ? one.forUpdate().skipLocked() : one;
});

/** Takes the cursor for this transaction; null when another node is moving it. */
export async function lockCursor(tx: Tx): Promise<number | null> {
  return (await locked.first(tx, {}))?.seq ?? null;
}

const awaited = statement<object, { seq: number }>((query, _p, dialect) => {
  const one = query.selectFrom('webhook_cursor').select('seq').where('id', '=', 'events');
  return dialect === 'postgres' ? one.forShare() : one;
});

/** Where the cursor stands, holding it there until the transaction ends. */
export async function holdCursor(tx: Tx): Promise<number> {
  return (await awaited.first(tx, {}))?.seq ?? 0;
}

const place = statement<object, { seq: number }>((query) =>
  query.selectFrom('webhook_cursor').select('seq').where('id', '=', 'events'),
);

export async function findCursor(on: Reader): Promise<number> {
  return (await place.first(on, {}))?.seq ?? 0;
}

export const moveCursor = statement<{ seq: number }, never>((query, p) =>
  query
    .updateTable('webhook_cursor')
    .set({ seq: p('seq') })
    .where('id', '=', 'events'),
);

type OfEndpoint = { endpoint_id: string; client_id: string };
type AtEndpoint = OfEndpoint & { now: number };

const underWay = statement<AtEndpoint, { count: number }>((query, p) =>
  query
    .selectFrom('webhook_deliveries')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('endpoint_id', '=', p('endpoint_id'))
    .where('client_id', '=', p('client_id'))
    // Only what is on its way has a lease: the index finds it however many wait.
    .where('leased_until', '>', p('now')),
);

/** How many deliveries are on their way to an endpoint, from any node. */
export async function countUnderWay(tx: Tx, of: AtEndpoint): Promise<number> {
  return Number((await underWay.first(tx, of))?.count ?? 0);
}

type Claim = AtEndpoint & { until: number; most: number };
const OLD_TRIES = 4;
/** As far as anybody looks down the queue of an endpoint that is down, which may be very long. */
const NEAR = 200;

const claim = (probing: boolean) =>
  statement<Claim, WebhookDeliveriesTable>((query, p) => {
    const open = query
      .selectFrom('webhook_deliveries')
      .where('endpoint_id', '=', p('endpoint_id'))
      .where('client_id', '=', p('client_id'))
      .where('status', '=', 'pending')
      .where('leased_until', '<=', p('now'))
      .orderBy('seq');
    const due = open.select('id').where('next_attempt_at', '<=', p('now')).limit(p('most'));
    const oldest = query
      .selectFrom(open.select(['id', 'attempts', 'seq']).limit(sql.lit(NEAR)).as('oldest'))
      .select('oldest.id')
      .orderBy(sql`oldest.attempts / ${sql.lit(OLD_TRIES)}`)
      .orderBy('oldest.seq')
      .limit(p('most'));
    return query
      .updateTable('webhook_deliveries')
      .set((eb) => ({ leased_until: p('until'), next_attempt_at: p('until'), attempts: eb('attempts', '+', 1) }))
      .where('id', 'in', probing ? oldest : due)
      .returningAll();
  });
const claimDue = claim(false);
const claimProbe = claim(true);

/**
 * Takes deliveries of an endpoint that is locked, in the order of the log. Probing an endpoint that is down takes the oldest whatever
 * its pause, but one that failed often steps back behind the others: it may be what the receiver chokes on.
 */
export async function claimDeliveries(
  tx: Tx,
  { probing, ...of }: Claim & { probing: boolean },
): Promise<WebhookDeliveriesTable[]> {
  const rows = await (probing ? claimProbe : claimDue).all(tx, of);
  return rows.sort((a, b) => a.seq - b.seq);
}

const nextOpen = statement<OfEndpoint, { at: number | null }>((query, p) =>
  query
    .selectFrom('webhook_deliveries')
    .select((eb) => eb.fn.min<number | null>('next_attempt_at').as('at'))
    .where('endpoint_id', '=', p('endpoint_id'))
    .where('client_id', '=', p('client_id'))
    .where('status', '=', 'pending'),
);

/** When the next delivery of an endpoint is due; null when none waits. */
export async function findNextAttempt(on: Reader, of: OfEndpoint): Promise<number | null> {
  return (await nextOpen.first(on, of))?.at ?? null;
}

type Settling = Pick<
  WebhookDeliveriesTable,
  | 'id'
  | 'client_id'
  | 'attempts'
  | 'status'
  | 'next_attempt_at'
  | 'last_status'
  | 'last_error'
  | 'last_duration_ms'
  | 'settled_at'
>;

const settle = statement<Settling, never>((query, p) =>
  query
    .updateTable('webhook_deliveries')
    .set({
      status: p('status'),
      leased_until: 0,
      next_attempt_at: p('next_attempt_at'),
      last_status: p('last_status'),
      last_error: p('last_error'),
      last_duration_ms: p('last_duration_ms'),
      settled_at: p('settled_at'),
    })
    .where('id', '=', p('id'))
    .where('client_id', '=', p('client_id'))
    .where('attempts', '=', p('attempts'))
    .where('status', '=', 'pending'),
);

/** Writes down what came of an attempt; false when it is not the latest one any more. */
export async function settleDelivery(tx: Tx, of: Settling): Promise<boolean> {
  return (await settle.run(tx, of)) > 0;
}

const hurry = statement<AtEndpoint, never>((query, p) =>
  query
    .updateTable('webhook_deliveries')
    .set({ next_attempt_at: p('now') })
    .where('endpoint_id', '=', p('endpoint_id'))
    .where('client_id', '=', p('client_id'))
    .where('status', '=', 'pending')
    .where('next_attempt_at', '>', p('now'))
    .where('leased_until', '<=', p('now')),
);

/** Makes everything that waits for an endpoint due: it is back. */
export async function hurryDeliveries(tx: Tx, of: AtEndpoint): Promise<void> {
  await hurry.run(tx, of);
}

const expire = statement<AtEndpoint & { reason: string }, WebhookDeliveriesTable>((query, p) => {
  const oldest = query
    .selectFrom('webhook_deliveries')
    .select('id')
    .where('endpoint_id', '=', p('endpoint_id'))
    .where('client_id', '=', p('client_id'))
    .where('status', '=', 'pending')
    .orderBy('seq')
    .limit(sql.lit(NEAR));
  return query
    .updateTable('webhook_deliveries')
    .set({ status: 'dead', settled_at: p('now'), last_error: sql`coalesce(last_error, ${p('reason')})` })
    .where('id', 'in', oldest)
    .where('give_up_at', '<=', p('now'))
    .where('leased_until', '<=', p('now'))
    .returningAll();
});

/** Gives up what waited too long among the oldest of an endpoint; `reason` stands where no attempt left one. */
export function expireDeliveries(tx: Tx, of: AtEndpoint & { reason: string }): Promise<WebhookDeliveriesTable[]> {
  return expire.all(tx, of);
}

type Own = { id: string; endpoint_id: string; client_id: string };

const own = statement<Own, WebhookDeliveriesTable>((query, p) =>
  query
    .selectFrom('webhook_deliveries')
    .selectAll()
    .where('id', '=', p('id'))
    .where('endpoint_id', '=', p('endpoint_id'))
    .where('client_id', '=', p('client_id')),
);

export function findDelivery(on: Reader, of: Own): Promise<WebhookDeliveriesTable | null> {
  return own.first(on, of);
}

interface Listing {
  client_id: string;
  endpoint_id: string;
  status: WebhookDeliveriesTable['status'] | undefined;
  /** The id of the last one of the page before. */
  before: string | null;
  most: number;
}

/** Deliveries of an endpoint, the newest first. */
export function listDeliveries(on: Reader, of: Listing): Promise<WebhookDeliveriesTable[]> {
  let query = on.query
    .selectFrom('webhook_deliveries')
    .selectAll()
    .where('client_id', '=', of.client_id)
    .where('endpoint_id', '=', of.endpoint_id);
  if (of.status !== undefined) query = query.where('status', '=', of.status);
  if (of.before !== null) query = query.where('id', '<', of.before);
  return query.orderBy('id', 'desc').limit(of.most).execute();
}

const pending = statement<object, { count: number }>((query) =>
  query
    .selectFrom('webhook_deliveries')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('status', '=', 'pending'),
);

/** How many deliveries wait, of all clients. */
export async function countPendingDeliveries(on: Reader): Promise<number> {
  return Number((await pending.first(on, {}))?.count ?? 0);
}

const forget = statement<{ before: number }, never>((query, p) =>
  query
    .deleteFrom('webhook_deliveries')
    .where('status', 'in', ['delivered', 'dead'])
    .where('settled_at', '<', p('before')),
);

/** Forgets deliveries that were settled before. */
export async function forgetSettled(tx: Tx, before: number): Promise<void> {
  await forget.run(tx, { before });
}
