import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mergePatch, patchBetween } from './index.ts';

const { value: patches } = fc.letrec((tie) => ({
  leaf: fc.oneof(fc.constant(null), fc.boolean(), fc.integer(), fc.string({ maxLength: 5 }), fc.array(fc.integer())),
  name: fc.oneof(fc.string({ maxLength: 3 }), fc.constantFrom('__proto__', 'constructor', 'toString', 'a', 'b')),
  value: fc.oneof(
    { maxDepth: 4 },
    tie('leaf'),
    fc.array(fc.tuple(tie('name'), tie('value')), { maxLength: 4 }).map((pairs) => Object.fromEntries(pairs as [])),
  ),
}));

function withoutNulls(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const kept = Object.entries(value).filter(([, inner]) => inner !== null);
  return Object.fromEntries(kept.map(([name, inner]) => [name, withoutNulls(inner)]));
}

const documents = patches.map((value) => {
  const plain = withoutNulls(value);
  return (typeof plain === 'object' && plain !== null && !Array.isArray(plain) ? plain : { a: plain ?? 1 }) as object;
});
const asJson = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown;

test('the patch between two documents leads from one to the other', () => {
  const leads = fc.property(documents, documents, (before, after) => {
    expect(asJson(mergePatch(before, patchBetween(before, after)))).toEqual(asJson(after));
    expect(patchBetween(after, after)).toEqual({});
  });
  fc.assert(leads, { numRuns: 3000 });
});

test('a patch applied twice does what it does once, and leaves its target alone', () => {
  const once = fc.property(documents, patches, (target, patch) => {
    const before = JSON.stringify(target);
    const first = mergePatch(target, patch);
    expect(mergePatch(first, patch)).toEqual(first);
    expect(JSON.stringify(target)).toBe(before);
  });
  fc.assert(once, { numRuns: 3000 });
});

// T-081
test('no patch reaches a prototype', () => {
  const untouched = fc.property(documents, patches, (target, patch) => {
    const names = Object.getOwnPropertyNames(Object.prototype).length;
    mergePatch(target, JSON.parse(JSON.stringify({ ['__proto__']: patch, constructor: { prototype: patch } })));
    mergePatch(target, patch);
    expect(Object.getOwnPropertyNames(Object.prototype)).toHaveLength(names);
    expect(Object.keys({})).toEqual([]);
  });
  fc.assert(untouched, { numRuns: 2000 });
});
