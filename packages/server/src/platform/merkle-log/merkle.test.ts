import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EMPTY_ROOT, leafHash, nodeHash, rootOf, splitOf, verifyConsistency, verifyInclusion } from './merkle.ts';
import { createTreeWalker } from './tree-walker.ts';

/** The test vectors every RFC 6962 implementation shares: eight inputs and the roots over the first one to eight of them. */
const INPUTS = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

test.each(ROOTS.map((root, i) => [i + 1, root] as const))(
  'the root over the first %i shared inputs is the known one',
  (size, root) => {
    const leaves = INPUTS.slice(0, size).map((input) => leafHash(Buffer.from(input, 'hex')));
    expect(rootOf(leaves).toString('hex')).toBe(root);
    const tree = createTreeWalker();
    for (const leaf of leaves) tree.append(leaf);
    expect(tree.root().toString('hex')).toBe(root);
  },
);

test('the root of nothing is the hash of nothing', () => {
  expect(EMPTY_ROOT.toString('hex')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  expect(createTreeWalker().root()).toEqual(EMPTY_ROOT);
});

/** The proofs written down as RFC 6962 defines them, as an independent measure. */
function path(index: number, leaves: Buffer[]): Buffer[] {
  if (leaves.length === 1) return [];
  const split = splitOf(leaves.length);
  return index < split
    ? [...path(index, leaves.slice(0, split)), rootOf(leaves.slice(split))]
    : [...path(index - split, leaves.slice(split)), rootOf(leaves.slice(0, split))];
}

function subProof(size: number, leaves: Buffer[], whole: boolean): Buffer[] {
  if (size === leaves.length) return whole ? [] : [rootOf(leaves)];
  const split = splitOf(leaves.length);
  return size <= split
    ? [...subProof(size, leaves.slice(0, split), whole), rootOf(leaves.slice(split))]
    : [...subProof(size - split, leaves.slice(split), false), rootOf(leaves.slice(0, split))];
}

const leavesOf = (size: number) => Array.from({ length: size }, (_, i) => leafHash(`event ${i}`));

test('every leaf of every small tree is proven, and no other leaf by the same proof', () => {
  for (let size = 1; size <= 33; size++) {
    const leaves = leavesOf(size);
    const root = rootOf(leaves);
    for (let index = 0; index < size; index++) {
      const claim = { leaf: leaves[index] as Buffer, index, size, root, proof: path(index, leaves) };
      expect(verifyInclusion(claim)).toBe(true);
      expect(verifyInclusion({ ...claim, leaf: leafHash('forged') })).toBe(false);
      if (size > 1) expect(verifyInclusion({ ...claim, index: (index + 1) % size })).toBe(false);
    }
  }
});

test('every small tree is proven to continue every smaller one, and a changed one is not', () => {
  for (let newSize = 1; newSize <= 33; newSize++) {
    const leaves = leavesOf(newSize);
    for (let oldSize = 1; oldSize <= newSize; oldSize++) {
      const claim = {
        oldSize,
        newSize,
        oldRoot: rootOf(leaves.slice(0, oldSize)),
        newRoot: rootOf(leaves),
        proof: subProof(oldSize, leaves, true),
      };
      expect(verifyConsistency(claim)).toBe(true);
      expect(verifyConsistency({ ...claim, oldRoot: leafHash('another past') })).toBe(false);
    }
  }
});

test('a proof with anything changed, added or left out proves nothing', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 200 }), fc.nat(), fc.nat(), (size, at, where) => {
      const leaves = leavesOf(size);
      const index = at % size;
      const proof = path(index, leaves);
      const claim = { leaf: leaves[index] as Buffer, index, size, root: rootOf(leaves) };
      const broken = where % proof.length;
      const changed = proof.map((hash, i) => (i === broken ? nodeHash(hash, hash) : hash));
      return (
        !verifyInclusion({ ...claim, proof: changed }) &&
        !verifyInclusion({ ...claim, proof: proof.slice(1) }) &&
        !verifyInclusion({ ...claim, proof: [...proof, leafHash('more')] })
      );
    }),
    { numRuns: 300 },
  );
});

test('a tree continued from its peaks is the tree that was never interrupted', () => {
  const whole = createTreeWalker();
  const nodes = new Map<string, Buffer>();
  leavesOf(100).forEach((leaf, i) => {
    nodes.set(`0/${i}`, leaf);
    for (const { level, position, hash } of whole.append(leaf)) nodes.set(`${level}/${position}`, hash);
  });
  expect(whole.size).toBe(100);
  expect(whole.root()).toEqual(rootOf(leavesOf(100)));
  expect(nodes.get('6/0')).toEqual(rootOf(leavesOf(64)));
});
