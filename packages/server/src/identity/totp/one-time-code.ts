import { createHmac } from 'node:crypto';
import { sameSecret } from '../../platform/secrets/index.ts';

const STEP_MS = 30_000;
const DIGITS = 6;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The number of the time step at `now` (RFC 6238 §4.2). */
export function stepAt(now: number): number {
  return Math.floor(now / STEP_MS);
}

/** The code of one time step (RFC 4226 §5.3, with SHA-1, which is all that authenticator apps agree on). */
export function codeOf(secret: Buffer, step: number, digits = DIGITS): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', secret).update(counter).digest();
  const offset = (mac.at(-1) ?? 0) & 0x0f;
  const number = mac.readUInt32BE(offset) & 0x7fff_ffff;
  return (number % 10 ** digits).toString().padStart(digits, '0');
}

/** The time step a code belongs to: this one, the one before or the next; null for any other code. */
export function stepOfCode(secret: Buffer, code: string, now: number): number | null {
  const present = stepAt(now);
  const matching = [present - 1, present, present + 1].filter((step) => sameSecret(codeOf(secret, step), code));
  return matching.at(-1) ?? null;
}

/** Base32 without padding (RFC 4648 §6), as authenticator apps want secrets typed. */
export function writeBase32(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? []).map((five) => ALPHABET[Number.parseInt(five.padEnd(5, '0'), 2)]).join('');
}
