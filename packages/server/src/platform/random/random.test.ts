import { expect, test } from 'vitest';
import { fillRandom } from './index.ts';

const draw = (length: number): string => {
  const bytes = Buffer.alloc(length);
  fillRandom(bytes);
  return bytes.toString('hex');
};

// T-034
test.each([12, 16, 32, 4096])('of values of %d bytes, whole blocks and more, no two are equal', (length) => {
  const drawn = Array.from({ length: 2_000 }, () => draw(length));
  expect(new Set(drawn).size).toBe(drawn.length);
  expect(drawn.every((value) => value.length === 2 * length)).toBe(true);
});

test('values of all sizes taken in turns share no bytes, and none are left as they were', () => {
  const seen = new Set<string>();
  for (let turn = 0; turn < 2_000; turn++)
    for (const words of (draw(8 * (1 + (turn % 9))).match(/.{16}/g) ?? []) as string[]) {
      expect(seen.has(words)).toBe(false);
      expect(words).not.toBe('0'.repeat(16));
      seen.add(words);
    }
});

test('every bit is set in half of all values', () => {
  const counts = Array.from({ length: 128 }, () => 0);
  const VALUES = 20_000;
  for (let value = 0; value < VALUES; value++) {
    const bits = BigInt(`0x${draw(16)}`);
    for (let bit = 0; bit < 128; bit++) if ((bits >> BigInt(bit)) & 1n) counts[bit] = (counts[bit] ?? 0) + 1;
  }
  // Seven standard deviations: once in a billion runs.
  for (const count of counts) expect(Math.abs(count - VALUES / 2)).toBeLessThan(7 * Math.sqrt(VALUES / 4));
});

test('more than a block at once is refused', () => {
  expect(() => draw(4097)).toThrow(RangeError);
});
