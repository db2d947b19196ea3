/**
 * Identifiers: UUIDv7 (RFC 9562 §5.7). Ordered by creation in an index, 62 random bits and more against guessing.
 */
import { randomFillSync } from 'node:crypto';
import type { Clock } from '../clock/index.ts';

/** Makes one new identifier, lower-case with hyphens. */
export type NewId = () => string;

const BUFFERED_IDS = 64;
const BYTES = 16;
const COUNTER_END = 0x1000;

/** Random bytes drawn in blocks, because one system call an id is measurable. */
function createRandomBlocks(): () => Buffer {
  const pool = Buffer.alloc(BUFFERED_IDS * BYTES);
  let next = pool.length;
  return () => {
    if (next === pool.length) {
      randomFillSync(pool);
      next = 0;
    }
    next += BYTES;
    return pool.subarray(next - BYTES, next);
  };
}

/**
 * Identifiers stamped by `clock`, always ascending within a process: within one millisecond twelve of the bits count up from a random
 * start (RFC 9562 §6.2, method 1), and a clock set back does not set them back.
 */
export function createIds(clock: Clock): NewId {
  const randomBlock = createRandomBlocks();
  let stamp = 0;
  let counter = 0;
  return () => {
    const bytes = randomBlock();
    const now = clock.now();
    if (now > stamp) {
      stamp = now;
      counter = bytes.readUInt16BE(6) & 0x7ff;
    } else if (++counter === COUNTER_END) {
      stamp++;
      counter = 0;
    }
    bytes.writeUIntBE(stamp, 0, 6);
    bytes.writeUInt16BE(0x7000 | counter, 6);
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
