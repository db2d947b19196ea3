import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';

/** What a checkpoint says: how many events there were, the root over them, and when it was signed. */
export interface Checkpoint {
  /** The log's name: the host of its issuer. */
  origin: string;
  size: number;
  root: Buffer;
  /** Milliseconds since the epoch. */
  signedAt: number;
}

/** The public half of the key that signs checkpoints, in the form verifiers pass around: `name+id+key` (C2SP signed-note). */
export interface VerifierKey {
  name: string;
  publicKey: Buffer;
}

const ED25519 = 1;
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/** The four bytes that name a key in a signature line (C2SP signed-note §signatures). */
function keyHash({ name, publicKey }: VerifierKey): Buffer {
  return createHash('sha256').update(`${name}\n`).update(Buffer.of(ED25519)).update(publicKey).digest().subarray(0, 4);
}

/** `name+<key id>+<key>`: what an auditor is handed. */
export function writeVerifierKey(key: VerifierKey): string {
  const encoded = Buffer.concat([Buffer.of(ED25519), key.publicKey]).toString('base64');
  return `${key.name}+${keyHash(key).toString('hex')}+${encoded}`;
}

/** Reads what `writeVerifierKey` wrote; null when it is not one, or its id is not its own. */
export function readVerifierKey(text: string): VerifierKey | null {
  const match = /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/.exec(text.trim());
  const bytes = Buffer.from(match?.[3] ?? '', 'base64');
  if (!match || bytes.length !== 33 || bytes[0] !== ED25519) return null;
  const key = { name: match[1] ?? '', publicKey: bytes.subarray(1) };
  return keyHash(key).toString('hex') === match[2] ? key : null;
}

function textOf(checkpoint: Checkpoint): string {
  const { origin, size, root, signedAt } = checkpoint;
  return `${origin}\n${size}\n${root.toString('base64')}\ntime ${signedAt}\n`;
}

/** Signs a checkpoint as a note: its lines, an empty line, a signature line. */
export function signCheckpoint(checkpoint: Checkpoint, key: VerifierKey, privateKey: KeyObject): string {
  const text = textOf(checkpoint);
  const signature = Buffer.concat([keyHash(key), sign(null, Buffer.from(text), privateKey)]);
  return `${text}\n— ${key.name} ${signature.toString('base64')}\n`;
}

const NOTE = /^([^\n]+)\n(\d{1,15})\n([A-Za-z0-9+/]{43}=)\ntime (\d{1,15})\n\n((?:— \S+ \S+\n)+)$/;

/** Takes a note apart without believing it; null when it is not a checkpoint. */
export function parseCheckpoint(
  note: string,
): { checkpoint: Checkpoint; signatures: { name: string; bytes: Buffer }[] } | null {
  const match = NOTE.exec(note);
  if (!match) return null;
  const [, origin = '', size, root = '', signedAt, lines = ''] = match;
  const signatures = lines
    .trimEnd()
    .split('\n')
    .map((line) => line.split(' '))
    .map(([, name = '', bytes = '']) => ({ name, bytes: Buffer.from(bytes, 'base64') }));
  const checkpoint = { origin, size: Number(size), root: Buffer.from(root, 'base64'), signedAt: Number(signedAt) };
  return { checkpoint, signatures };
}

function isSignedBy(text: string, signature: { name: string; bytes: Buffer }, key: VerifierKey): boolean {
  if (signature.name !== key.name || !signature.bytes.subarray(0, 4).equals(keyHash(key))) return false;
  const publicKey = createPublicKey({ key: Buffer.concat([SPKI_PREFIX, key.publicKey]), format: 'der', type: 'spki' });
  return verify(null, Buffer.from(text), publicKey, signature.bytes.subarray(4));
}

/** The checkpoint of a note that one of `keys` signed; null when none did. */
export function verifyCheckpoint(note: string, keys: readonly VerifierKey[]): Checkpoint | null {
  const parsed = parseCheckpoint(note);
  if (!parsed) return null;
  const text = textOf(parsed.checkpoint);
  const good = parsed.signatures.some((signature) => keys.some((key) => isSignedBy(text, signature, key)));
  return good ? parsed.checkpoint : null;
}
