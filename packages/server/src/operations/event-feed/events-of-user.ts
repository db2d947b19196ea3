import type { Reader } from '../../platform/database/index.ts';
import { type AuditEventsTable, listUnsealedOfUser } from '../audit-log/index.ts';
import { listLeavesOfUser, treeSize } from '../transparency-log/index.ts';
import { findSealed } from './read-sealed.ts';

const PAGE = 500;

/**
 * What happened to one user, newest first, and no more than `most`: sealed events by the index of the log, and those that wait for their place. It
 * costs what there is about that user, however long the log.
 */
export async function listEventsOfUser(
  on: Reader,
  { clientId, userId, most }: { clientId: string; userId: string; most: number },
): Promise<AuditEventsTable[]> {
  // What waits is read first: sealed in between, it is met twice rather than missed.
  const waiting = await listUnsealedOfUser(on, { clientId, userId });
  const events = new Map(waiting.map((event) => [event.id, event]));
  let before = await treeSize(on);
  while (events.size < most) {
    const leaves = await listLeavesOfUser(on, { clientId, userId, before, most: PAGE });
    for (const { seq: _place, ...event } of await findSealed(on, leaves)) events.set(event.id, event);
    before = leaves.at(-1)?.seq ?? 0;
    if (leaves.length < PAGE) break;
  }
  return [...events.values()].sort((a, b) => (a.id < b.id ? 1 : -1)).slice(0, most);
}
