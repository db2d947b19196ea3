import type { Reader } from '../../platform/database/index.ts';
import { nodeHash, splitOf } from '../../platform/merkle-log/index.ts';
import { findNode } from './store.ts';

/** Hash over the leaves from `start` to `end`; `start` is a multiple of the power of two the range splits at. */
async function rangeHash(on: Reader, start: number, end: number): Promise<Buffer> {
  const width = end - start;
  const level = Math.log2(width);
  if (Number.isInteger(level)) return findNode(on, { level, position: start / width });
  const split = splitOf(width);
  return nodeHash(await rangeHash(on, start, start + split), await rangeHash(on, start + split, end));
}

/** The audit path of leaf `index` in the tree of `size` leaves, nearest sibling first (RFC 6962 §2.1.1). */
export async function proveInclusion(on: Reader, of: { index: number; size: number }): Promise<Buffer[]> {
  const path: Buffer[] = [];
  let start = 0;
  let end = of.size;
  while (end - start > 1) {
    const middle = start + splitOf(end - start);
    if (of.index < middle) {
      path.unshift(await rangeHash(on, middle, end));
      end = middle;
    } else {
      path.unshift(await rangeHash(on, start, middle));
      start = middle;
    }
  }
  return path;
}

/** The proof that the tree of `newSize` leaves continues the one of `oldSize` (RFC 6962 §2.1.2). */
export async function proveConsistency(on: Reader, of: { oldSize: number; newSize: number }): Promise<Buffer[]> {
  const { oldSize, newSize } = of;
  if (oldSize <= 0 || oldSize >= newSize) return [];
  const path: Buffer[] = [];
  let start = 0;
  let end = newSize;
  // Descends to the subtree whose right edge is the old tree's; the old root itself is known to the asker and left out.
  let isWholeOldTree = true;
  while (oldSize !== end) {
    const middle = start + splitOf(end - start);
    if (oldSize <= middle) {
      path.unshift(await rangeHash(on, middle, end));
      end = middle;
    } else {
      path.unshift(await rangeHash(on, start, middle));
      start = middle;
      isWholeOldTree = false;
    }
  }
  if (!isWholeOldTree) path.unshift(await rangeHash(on, start, end));
  return path;
}
