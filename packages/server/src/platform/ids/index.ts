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

/** Fills `bytes` with random ones, drawn in blocks, because one system call an id is measurable. */
function createRandomFill(): (bytes: Buffer) => void {
  const pool = Buffer.alloc(BUFFERED_IDS * BYTES);
  let next = pool.length;
  return (bytes) => {
    if (next === pool.length) {
      randomFillSync(pool);
      next = 0;
    }
    for (let at = 0; at < BYTES; at++) bytes[at] = pool[next++] ?? 0;
  };
}

const DIGITS = Buffer.from('0123456789abcdef');
/** Where the two digits of each byte stand between the hyphens. */
const PLACES = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];
const text = Buffer.from('00000000-0000-0000-0000-000000000000');

/** The digits written into one text: cut out of another and joined, they would be six strings to collect for every id. */
function textOf(bytes: Buffer): string {
  for (let at = 0; at < BYTES; at++) {
    const byte = bytes[at] ?? 0;
    const place = PLACES[at] ?? 0;
    text[place] = DIGITS[byte >> 4] ?? 0;
    text[place + 1] = DIGITS[byte & 0xf] ?? 0;
  }
  return text.toString('latin1');
}

/**
 * Identifiers stamped by `clock`, always ascending within a process: within one millisecond twelve of the bits count up from a random
 * start (RFC 9562 §6.2, method 1), and a clock set back does not set them back.
 */
export function createIds(clock: Clock): NewId {
  const fillRandom = createRandomFill();
  const bytes = Buffer.alloc(BYTES);
  let stamp = 0;
  let counter = 0;
  return () => {
    fillRandom(bytes);
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
    return textOf(bytes);
  };
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Whether `text` has the form of an identifier, so that nonsense never reaches the database. */
export function isId(text: string): boolean {
  return UUID.test(text);
}
