/**
 * Identifiers: UUIDv7 (RFC 9562 §5.7). Ordered by creation in an index, 74 random bits against guessing.
 */
import { randomFillSync } from 'node:crypto';
import type { Clock } from '../clock/index.ts';

/** Makes one new identifier, lower-case with hyphens. */
export type NewId = () => string;

const BUFFERED_IDS = 64;
const BYTES = 16;

/** Identifiers stamped by `clock`; randomness is drawn in blocks because one system call an id is measurable. */
export function createIds(clock: Clock): NewId {
  const pool = Buffer.alloc(BUFFERED_IDS * BYTES);
  let next = pool.length;
  return () => {
    if (next === pool.length) {
      randomFillSync(pool);
      next = 0;
    }
    const bytes = pool.subarray(next, next + BYTES);
    next += BYTES;
    bytes.writeUIntBE(clock.now(), 0, 6);
    bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
    bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
    const hex = bytes.toString('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  };
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Whether `text` has the form of an identifier, so that nonsense never reaches the database. */
export function isId(text: string): boolean {
  return UUID.test(text);
}
