import { EMPTY_ROOT, nodeHash } from './merkle.ts';

/** A complete subtree that was just finished: `position` counts subtrees of its level from the left. */
export interface NewNode {
  level: number;
  position: number;
  hash: Buffer;
}

/** Grows a tree leaf by leaf, remembering only the roots of its complete subtrees. */
export interface TreeWalker {
  readonly size: number;
  /** Adds a leaf; returns the inner nodes that became complete. */
  append(leaf: Buffer): NewNode[];
  root(): Buffer;
}

/** A peak: the root of a complete subtree of 2^level leaves. */
export interface Peak {
  level: number;
  hash: Buffer;
}

/** The levels of the complete subtrees of a tree of `size` leaves, largest first, with their positions. */
export function peaksOf(size: number): { level: number; position: number }[] {
  const peaks: { level: number; position: number }[] = [];
  let start = 0;
  for (let level = 52; level >= 0; level--) {
    const width = 2 ** level;
    if (size - start >= width) {
      peaks.push({ level, position: start / width });
      start += width;
    }
  }
  return peaks;
}

/** Continues a tree of `size` leaves from its peaks, largest first; an empty tree needs none. */
export function createTreeWalker(size = 0, peaks: readonly Peak[] = []): TreeWalker {
  const stack = [...peaks];
  let count = size;
  return {
    get size() {
      return count;
    },
    append(leaf) {
      const made: NewNode[] = [];
      let level = 0;
      let hash = leaf;
      let position = count;
      while (stack.at(-1)?.level === level) {
        const left = stack.pop();
        if (!left) break;
        hash = nodeHash(left.hash, hash);
        level++;
        position = Math.floor(position / 2);
        made.push({ level, position, hash });
      }
      stack.push({ level, hash });
      count++;
      return made;
    },
    root: () =>
      stack.reduceRight<Buffer | null>((right, { hash }) => (right ? nodeHash(hash, right) : hash), null) ?? EMPTY_ROOT,
  };
}
