import type { KeyObject } from 'node:crypto';
import { signNote, type VerifierKey, verifyNote } from './signed-note.ts';

/** What a checkpoint says: how many events there were, the root over them, and when it was signed. */
export interface Checkpoint {
  /** The log's name: the host of its issuer. */
  origin: string;
  size: number;
  root: Buffer;
  /** Milliseconds since the epoch. */
  signedAt: number;
}

/** Signs a checkpoint (C2SP tlog-checkpoint): origin, size, root, and the time as an extension line. */
export function signCheckpoint(checkpoint: Checkpoint, key: VerifierKey, privateKey: KeyObject): string {
  const { origin, size, root, signedAt } = checkpoint;
  return signNote(`${origin}\n${size}\n${root.toString('base64')}\ntime ${signedAt}\n`, key, privateKey);
}

const TEXT = /^([^\n]+)\n(\d{1,15})\n([A-Za-z0-9+/]{43}=)\ntime (\d{1,15})\n$/;

/** The checkpoint of a note that one of `keys` signed; null when none did, or it is another kind of note. */
export function verifyCheckpoint(note: string, keys: readonly VerifierKey[]): Checkpoint | null {
  const match = TEXT.exec(verifyNote(note, keys) ?? '');
  if (!match) return null;
  const [, origin = '', size, root = '', signedAt] = match;
  return { origin, size: Number(size), root: Buffer.from(root, 'base64'), signedAt: Number(signedAt) };
}
