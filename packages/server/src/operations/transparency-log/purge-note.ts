import { createHash, type KeyObject } from 'node:crypto';
import { signNote, type VerifierKey, verifyNote } from '../../platform/merkle-log/index.ts';

/** One event that was removed when its retention was over. */
export interface PurgedLeaf {
  seq: number;
  /** Base64url of its leaf hash, which stays in the tree. */
  leafHash: string;
}

/** Digest of exactly which events a purge removed, in the order of the log. */
function digestOf(leaves: readonly PurgedLeaf[]): string {
  const hash = createHash('sha256');
  for (const { seq, leafHash } of [...leaves].sort((a, b) => a.seq - b.seq)) hash.update(`${seq} ${leafHash}\n`);
  return hash.digest('base64');
}

function textOf(origin: string, leaves: readonly PurgedLeaf[], purgedAt: number): string {
  return `${origin}\npurge ${leaves.length}\n${digestOf(leaves)}\ntime ${purgedAt}\n`;
}

/** Signs that these events, and no others, were removed by the rules of retention: their tombstone. */
export function signPurge(
  purge: { leaves: readonly PurgedLeaf[]; purgedAt: number },
  key: VerifierKey,
  privateKey: KeyObject,
): string {
  return signNote(textOf(key.name, purge.leaves, purge.purgedAt), key, privateKey);
}

/** Whether `note` is a signed tombstone of exactly these events. */
export function verifyPurge(note: string, leaves: readonly PurgedLeaf[], keys: readonly VerifierKey[]): boolean {
  const [origin = '', , , time = ''] = note.split('\n');
  const purgedAt = Number(/^time (\d{1,15})$/.exec(time)?.[1]);
  const text = textOf(origin, leaves, purgedAt);
  return note.startsWith(`${text}\n`) && verifyNote(note, keys) !== null;
}
