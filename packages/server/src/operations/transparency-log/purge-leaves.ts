import type { Tx } from '../../platform/database/index.ts';
import type { AuditKey } from './audit-keys.ts';
import { signPurge } from './purge-note.ts';
import { insertPurge, leavesOf, markPurged } from './store.ts';

/**
 * Leaves a signed tombstone in the place of events that are removed in the same transaction: their hashes stay in the tree, so that
 * everything else still verifies. Every event must have its place in the log.
 */
export async function purgeLeaves(
  tx: Tx,
  purge: { id: string; eventIds: readonly string[]; purgedAt: number },
  key: AuditKey,
): Promise<void> {
  const leaves = await leavesOf(tx, purge.eventIds);
  if (leaves.length !== purge.eventIds.length) throw new Error('an event without a place in the log cannot be purged');
  const purged = leaves.map(({ seq, leaf_hash }) => ({ seq, leafHash: leaf_hash }));
  const note = signPurge({ leaves: purged, purgedAt: purge.purgedAt }, key, key.privateKey);
  await insertPurge.run(tx, { id: purge.id, note, purged: leaves.length, purged_at: purge.purgedAt });
  await markPurged(tx, { purgeId: purge.id, seqs: leaves.map((leaf) => leaf.seq) });
}
