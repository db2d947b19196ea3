import type { Clock } from '../../platform/clock/index.ts';
import type { Database, Tx } from '../../platform/database/index.ts';
import type { NewId } from '../../platform/ids/index.ts';
import { findSealed, readSealed, type SealedEvent } from '../event-feed/index.ts';
import { listLeaves, treeSize } from '../transparency-log/index.ts';
import { isDown, wantsEvent } from './delivery-policy.ts';
import { findCursor, insertDeliveries, lockCursor, moveCursor, renewDeliveries } from './store/deliveries.ts';
import { hasActiveEndpoint, listActiveEndpoints, wakeEndpoint } from './store/endpoints.ts';
import { findReplaying, lockReplaying, setReplay } from './store/replays.ts';
import type { WebhookDeliveriesTable, WebhookEndpointsTable } from './tables.ts';

export interface FanOutDeps {
  clock: Clock;
  newId: NewId;
  database: Database;
  /** How long a delivery is tried. */
  retryMs: number;
  /** Whether there is a secret for the `webhook_url` of clients. */
  hasSigningSecret: boolean;
}

const BATCH = 200;
/** New events look at an endpoint that is down once a minute at most. */
const PROBE_MS = 60_000;

function deliveryOf(deps: FanOutDeps, endpoint: WebhookEndpointsTable, event: SealedEvent): WebhookDeliveriesTable {
  const now = deps.clock.now();
  return {
    id: deps.newId(),
    client_id: endpoint.client_id,
    endpoint_id: endpoint.id,
    event_id: event.id,
    event_type: event.event_type,
    seq: event.seq,
    status: 'pending',
    attempts: 0,
    next_attempt_at: now,
    leased_until: 0,
    give_up_at: now + deps.retryMs,
    last_status: null,
    last_error: null,
    last_duration_ms: null,
    settled_at: null,
    created_at: now,
  };
}

async function wakeFor(tx: Tx, endpoint: WebhookEndpointsTable, now: number): Promise<void> {
  const held = isDown(endpoint.failures) && endpoint.work_at !== null;
  await wakeEndpoint(tx, { ...endpoint, at: held ? now + PROBE_MS : now });
}

/** Leaves deliveries of the next events; the place to go on at. What nobody listens for is not read. */
async function enqueueFrom(deps: FanOutDeps, tx: Tx, from: number): Promise<number> {
  if (!(await hasActiveEndpoint(tx))) return treeSize(tx);
  const leaves = await listLeaves(tx, { from, most: BATCH });
  const active = await listActiveEndpoints(tx, [...new Set(leaves.map((leaf) => leaf.client_id))]);
  const endpoints = active.filter(({ source }) => source === 'endpoint' || deps.hasSigningSecret);
  const heard = new Set(endpoints.map((endpoint) => endpoint.client_id));
  const heardOf = leaves.filter((leaf) => heard.has(leaf.client_id));
  const events = await findSealed(tx, heardOf);
  for (const endpoint of endpoints) {
    const wanted = events.filter((event) => event.seq >= endpoint.start_seq && wantsEvent(endpoint, event));
    if (wanted.length === 0) continue;
    const deliveries = wanted.map((event) => deliveryOf(deps, endpoint, event));
    await insertDeliveries(tx, deliveries);
    await wakeFor(tx, endpoint, deps.clock.now());
  }
  return (leaves.at(-1)?.seq ?? from - 1) + 1;
}

/**
 * Turns a batch of newly sealed events into deliveries and moves the cursor behind them, in one transaction; false when there was
 * nothing, or another node is at it.
 */
export async function fanOut(deps: FanOutDeps): Promise<boolean> {
  const { read } = deps.database;
  if ((await findCursor(read)) >= (await treeSize(read))) return false;
  return deps.database.write(async (tx) => {
    const from = await lockCursor(tx);
    if (from === null) return false;
    const next = await enqueueFrom(deps, tx, from);
    if (next === from) return false;
    await moveCursor.run(tx, { seq: next });
    return true;
  });
}

/** Goes one batch on with a replay; false when none is under way. */
export async function fanOutReplay(deps: FanOutDeps): Promise<boolean> {
  const found = await findReplaying(deps.database.read);
  if (!found) return false;
  return deps.database.write(async (tx) => {
    const endpoint = await lockReplaying(tx, found);
    if (!endpoint) return false;
    const from = endpoint.replay_seq ?? 0;
    const end = endpoint.replay_end ?? 0;
    const { events, next } = await readSealed(tx, { from, most: Math.min(BATCH, Math.max(1, end - from)) });
    const wanted = events.filter(
      (event) => event.seq < end && event.created_at >= (endpoint.replay_since ?? 0) && wantsEvent(endpoint, event),
    );
    await renewDeliveries(
      tx,
      wanted.map((event) => deliveryOf(deps, endpoint, event)),
    );
    const isOver = next >= end || next === from;
    const rest = { replay_seq: next, replay_end: end, replay_since: endpoint.replay_since };
    const none = { replay_seq: null, replay_end: null, replay_since: null };
    await setReplay.run(tx, { id: endpoint.id, client_id: endpoint.client_id, ...(isOver ? none : rest) });
    await wakeFor(tx, endpoint, deps.clock.now());
    return true;
  });
}
