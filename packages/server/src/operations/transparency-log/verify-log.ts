import {
  type Checkpoint,
  createTreeWalker,
  leafHash,
  type TreeWalker,
  type VerifierKey,
  verifyCheckpoint,
} from '../../platform/merkle-log/index.ts';
import { canonicalEvent, type SealedEvent } from './canonical-event.ts';
import { type PurgedLeaf, verifyPurge } from './purge-note.ts';

/** One place of the log as it is handed over: the event itself, or the name of the purge that removed it. */
export interface LogEntry {
  seq: number;
  /** Base64url. */
  leafHash: string;
  event: SealedEvent | null;
  purgeId: string | null;
  /** What a database says beside the place, for searches to go by; an export has nothing of the kind. */
  filedUnder?: { clientId: string; userId: string | null };
}

/** Everything a verification looks at besides the entries. */
export interface LogEvidence {
  /** Signed checkpoints that came with the log. */
  checkpoints: readonly string[];
  /** Signed checkpoints that somebody outside kept: what the log must still be a continuation of. */
  witnessed: readonly string[];
  /** Signed tombstones, by the id of the purge. */
  purges: ReadonlyMap<string, string>;
  keys: readonly VerifierKey[];
}

export interface LogVerdict {
  ok: boolean;
  /** How many places the log has. */
  size: number;
  purged: number;
  /** The newest checkpoint that holds, as the size it was signed at. */
  checkpointedSize: number;
  /** The first thing that is wrong; `seq` is null when it is no single entry. */
  broken: { seq: number | null; problem: string } | null;
}

class Broken extends Error {
  readonly seq: number | null;
  constructor(seq: number | null, problem: string) {
    super(problem);
    this.seq = seq;
  }
}

function openCheckpoints(evidence: LogEvidence): Map<number, Checkpoint[]> {
  const bySize = new Map<number, Checkpoint[]>();
  for (const [source, notes] of [
    ['log', evidence.checkpoints],
    ['witness', evidence.witnessed],
  ] as const) {
    for (const note of notes) {
      const checkpoint = verifyCheckpoint(note, evidence.keys);
      if (!checkpoint) throw new Broken(null, `a checkpoint of the ${source} is not signed by a known key`);
      bySize.set(checkpoint.size, [...(bySize.get(checkpoint.size) ?? []), checkpoint]);
    }
  }
  return bySize;
}

function checkEntry(entry: LogEntry, seq: number): Buffer {
  if (entry.seq !== seq) throw new Broken(seq, `the entry is missing; entry ${entry.seq} stands in its place`);
  const leaf = Buffer.from(entry.leafHash, 'base64url');
  if (entry.event === null) {
    if (entry.purgeId === null) throw new Broken(seq, 'the event is missing, and no purge removed it');
    return leaf;
  }
  const { event, filedUnder } = entry;
  if (!leafHash(canonicalEvent(event)).equals(leaf)) throw new Broken(seq, 'the event was changed');
  if (filedUnder && (filedUnder.clientId !== event.client_id || filedUnder.userId !== event.user_id)) {
    throw new Broken(seq, 'the event is filed under another client or user, where searches do not find it');
  }
  return leaf;
}

function checkPurges(purged: Map<string, PurgedLeaf[]>, evidence: LogEvidence): void {
  for (const [id, leaves] of purged) {
    const note = evidence.purges.get(id);
    const [first] = leaves;
    if (!note || !verifyPurge(note, leaves, evidence.keys)) {
      throw new Broken(first?.seq ?? null, 'the event is missing, and the tombstone of its purge does not hold');
    }
  }
}

/** Collects what was purged, by purge. */
function notePurged(purged: Map<string, PurgedLeaf[]>, { seq, leafHash: hash, event, purgeId }: LogEntry): void {
  if (event !== null || purgeId === null) return;
  const leaves = purged.get(purgeId) ?? [];
  leaves.push({ seq, leafHash: hash });
  purged.set(purgeId, leaves);
}

function checkRoots(tree: TreeWalker, checkpoints: readonly Checkpoint[] = []): boolean {
  const root = checkpoints.length > 0 ? tree.root() : null;
  return checkpoints.every((checkpoint) => root?.equals(checkpoint.root));
}

async function walk(entries: AsyncIterable<LogEntry> | Iterable<LogEntry>, evidence: LogEvidence): Promise<LogVerdict> {
  const checkpoints = openCheckpoints(evidence);
  const tree = createTreeWalker();
  const purged = new Map<string, PurgedLeaf[]>();
  const seen = new Set<string>();
  let checkpointedSize = 0;
  for await (const entry of entries) {
    const leaf = checkEntry(entry, tree.size);
    if (seen.has(entry.leafHash)) throw new Broken(entry.seq, 'the event stands in the log twice');
    seen.add(entry.leafHash);
    notePurged(purged, entry);
    tree.append(leaf);
    const here = checkpoints.get(tree.size);
    if (!checkRoots(tree, here)) {
      const range = `between ${checkpointedSize} and ${tree.size - 1}`;
      throw new Broken(null, `an entry ${range} is not the one that was signed`);
    }
    if (here) checkpointedSize = tree.size;
  }
  const claimed = [...checkpoints.keys()].reduce((most, size) => Math.max(most, size), 0);
  if (claimed > tree.size) {
    throw new Broken(tree.size, `the log ends here, but a checkpoint was signed over ${claimed} entries`);
  }
  // A sealing always ends in a checkpoint: what none covers, nobody who holds the key has put there.
  if (checkpointedSize < tree.size)
    throw new Broken(checkpointedSize, 'no checkpoint was signed over the log from here on');
  checkPurges(purged, evidence);
  const purgedCount = [...purged.values()].reduce((sum, leaves) => sum + leaves.length, 0);
  return { ok: true, size: tree.size, purged: purgedCount, checkpointedSize, broken: null };
}

/**
 * Verifies a whole log from its first entry: every event is the one that was hashed, none is missing but by a signed purge, and the tree is
 * the one that every signed and every witnessed checkpoint speaks of. Reports the first thing that is wrong.
 */
export async function verifyLog(
  entries: AsyncIterable<LogEntry> | Iterable<LogEntry>,
  evidence: LogEvidence,
): Promise<LogVerdict> {
  try {
    return await walk(entries, evidence);
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    return { ok: false, size: 0, purged: 0, checkpointedSize: 0, broken: { seq: error.seq, problem: error.message } };
  }
}
