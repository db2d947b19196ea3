import type { Reader } from '../../platform/database/index.ts';
import { type AuditEventsTable, findEvents, firstEventSince } from '../audit-log/index.ts';
import { findLeaf, listLeaves, treeSize } from '../transparency-log/index.ts';

/** An event and its place in the log. */
export interface SealedEvent extends AuditEventsTable {
  seq: number;
}

/** The events at these places that are still kept, in the order of the log. */
export async function findSealed(
  on: Reader,
  places: readonly { seq: number; event_id: string }[],
): Promise<SealedEvent[]> {
  if (places.length === 0) return [];
  const ids = places.map((place) => place.event_id);
  const kept = new Map((await findEvents(on, ids)).map((event) => [event.id, event]));
  return places.flatMap(({ seq, event_id }) => {
    const event = kept.get(event_id);
    return event ? [{ ...event, seq }] : [];
  });
}

/** The next events from place `from` on, and the place to go on at; places of purged events are passed over. */
export async function readSealed(
  on: Reader,
  { from, most }: { from: number; most: number },
): Promise<{ events: SealedEvent[]; next: number }> {
  const leaves = await listLeaves(on, { from, most });
  return { events: await findSealed(on, leaves), next: (leaves.at(-1)?.seq ?? from - 1) + 1 };
}

/** Events that commit together may be sealed in another order than they were stamped. */
const DISORDER_MS = 60_000;

/** A place at or before the first event of `time` or later, not long before it. */
export async function startOf(on: Reader, time: number): Promise<number> {
  const id = await firstEventSince(on, time - DISORDER_MS);
  const leaf = id === null ? null : await findLeaf(on, id);
  return leaf?.seq ?? treeSize(on);
}
