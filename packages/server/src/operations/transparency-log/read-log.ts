import type { Reader } from '../../platform/database/index.ts';
import { findEvents } from '../audit-log/index.ts';
import { leavesFrom } from './store.ts';
import type { LogEntry } from './verify-log.ts';

const BATCH = 500;

/**
 * Reads the log of a database in order, from its first place to `size` places, a little at a time: between two batches everybody else is
 * served, for SQLite answers without ever letting go of the event loop.
 */
export async function* readLog(on: Reader, size: number): AsyncGenerator<LogEntry> {
  for (let next = 0; next < size; ) {
    await new Promise(setImmediate);
    const leaves = await leavesFrom.all(on, { from: next, to: size, most: BATCH });
    if (leaves.length === 0) return;
    const events = await findEvents(
      on,
      leaves.map((leaf) => leaf.event_id),
    );
    const byId = new Map(events.map((event) => [event.id, event]));
    for (const { seq, leaf_hash, event_id, purge_id, client_id, user_id } of leaves) {
      const event = byId.get(event_id) ?? null;
      const filedUnder = { clientId: client_id, userId: user_id };
      yield { seq, leafHash: leaf_hash, event, purgeId: purge_id, filedUnder };
    }
    next = (leaves.at(-1)?.seq ?? size) + 1;
  }
}
