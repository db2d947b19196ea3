/**
 * Random bytes of the system's generator. Drawn in blocks, because a call to it for every value is measurable.
 */
import { randomFillSync } from 'node:crypto';

const BLOCK_BYTES = 4096;
const block = Buffer.alloc(BLOCK_BYTES);
let next = BLOCK_BYTES;

/** Fills `bytes`, 4096 at the most. No byte is given out twice, and none is kept. */
export function fillRandom(bytes: Buffer): void {
  const { length } = bytes;
  if (length > BLOCK_BYTES) throw new RangeError(`${length} random bytes at once`);
  if (next + length > BLOCK_BYTES) {
    randomFillSync(block);
    next = 0;
  }
  block.copy(bytes, 0, next, next + length);
  block.fill(0, next, next + length);
  next += length;
}
