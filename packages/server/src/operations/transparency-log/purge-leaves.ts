import type { Tx } from '../../platform/database/index.ts';
import { leafHash } from '../../platform/merkle-log/index.ts';
import { findEvents } from '../audit-log/index.ts';
import type { AuditKey } from './audit-keys.ts';
import { canonicalEvent } from './canonical-event.ts';
import { signPurge } from './purge-note.ts';
import { insertPurge, leavesOf, markPurged } from './store.ts';

/**
 * Leaves a signed tombstone in the place of events that are removed in the same transaction: their hashes stay in the tree, so that
 * everything else still verifies. Signs nothing, and answers false, when one of them is not the event that was sealed: somebody who may
 * write to the database would else have the end of a retention moved, and the evidence of it signed away.
 */
export async function purgeLeaves(
  tx: Tx,
  purge: { id: string; eventIds: readonly string[]; purgedAt: number },
  key: AuditKey,
): Promise<boolean> {
  const leaves = await leavesOf(tx, purge.eventIds);
  const events = new Map((await findEvents(tx, purge.eventIds)).map((event) => [event.id, event]));
  const isSealed = ({ event_id, leaf_hash }: (typeof leaves)[number]) => {
    const event = events.get(event_id);
    return event !== undefined && leafHash(canonicalEvent(event)).toString('base64url') === leaf_hash;
  };
  if (leaves.length !== purge.eventIds.length || !leaves.every(isSealed)) return false;
  const purged = leaves.map(({ seq, leaf_hash }) => ({ seq, leafHash: leaf_hash }));
  const note = signPurge({ leaves: purged, purgedAt: purge.purgedAt }, key, key.privateKey);
  await insertPurge.run(tx, { id: purge.id, note, purged: leaves.length, purged_at: purge.purgedAt });
  await markPurged(tx, { purgeId: purge.id, seqs: leaves.map((leaf) => leaf.seq) });
  return true;
}
