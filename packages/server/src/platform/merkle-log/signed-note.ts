import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';

/** The public half of a key that signs notes, in the form verifiers pass around: `name+id+key` (C2SP signed-note). */
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

/** Signs `text`, whose last character is a line break: the text, an empty line, a signature line. */
export function signNote(text: string, key: VerifierKey, privateKey: KeyObject): string {
  const signature = Buffer.concat([keyHash(key), sign(null, Buffer.from(text), privateKey)]);
  return `${text}\n— ${key.name} ${signature.toString('base64')}\n`;
}

function isSignedBy(text: string, line: string, key: VerifierKey): boolean {
  const [, name, encoded = ''] = /^— (\S+) (\S+)$/.exec(line) ?? [];
  const bytes = Buffer.from(encoded, 'base64');
  if (name !== key.name || !bytes.subarray(0, 4).equals(keyHash(key))) return false;
  const publicKey = createPublicKey({ key: Buffer.concat([SPKI_PREFIX, key.publicKey]), format: 'der', type: 'spki' });
  return verify(null, Buffer.from(text), publicKey, bytes.subarray(4));
}

/** The text of a note that one of `keys` signed; null when none did. */
export function verifyNote(note: string, keys: readonly VerifierKey[]): string | null {
  const end = note.indexOf('\n\n');
  if (end < 0 || !note.endsWith('\n')) return null;
  const text = note.slice(0, end + 1);
  const lines = note.slice(end + 2, -1).split('\n');
  return lines.some((line) => keys.some((key) => isSignedBy(text, line, key))) ? text : null;
}
