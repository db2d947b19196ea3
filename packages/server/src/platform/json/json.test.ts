import { Type } from 'typebox';
import { expect, test } from 'vitest';
import { checkDocument, mergePatch, patchBetween } from './index.ts';

// The examples of RFC 7396, appendix A.
test.each([
  [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
  [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
  [{ a: 'b' }, { a: null }, {}],
  [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
  [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
  [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
  [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
  [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
  [
    ['a', 'b'],
    ['c', 'd'],
    ['c', 'd'],
  ],
  [{ a: 'b' }, ['c'], ['c']],
  [{ a: 'foo' }, null, null],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [[1, 2], { a: 'b', c: null }, { a: 'b' }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
])('%j patched with %j is %j', (target, patch, result) => {
  expect(mergePatch(target, patch)).toEqual(result);
});

// T-080
test('a member called __proto__ changes nothing but itself', () => {
  const patched = mergePatch({}, JSON.parse('{"__proto__":{"admin":true}}')) as Record<string, unknown>;
  expect(patched.admin).toBeUndefined();
  expect(Object.keys(patched)).toEqual(['__proto__']);
});

const shape = Type.Object(
  { n: Type.Integer({ minimum: 5 }), ui: Type.Optional(Type.Object({}, { additionalProperties: false })) },
  { additionalProperties: false },
);

test.each([
  [{ n: 5 }, []],
  [{ n: 4 }, ['settings.n']],
  [{}, ['settings']],
  [{ n: 5, x: 1 }, ['settings.x']],
  [{ n: 5, ui: { y: 1 } }, ['settings.ui.y']],
  [[], ['settings']],
])('the problems of %j are in %j', (document, fields) => {
  expect(checkDocument(shape, document, 'settings').map((one) => one.field)).toEqual(fields);
});

test.each([
  [{ a: 1 }, { a: 1 }, {}],
  [{ a: 1, b: 2 }, { a: 1 }, { b: null }],
  [{ a: { b: 1, c: 2 } }, { a: { b: 1, d: 3 } }, { a: { c: null, d: 3 } }],
  [{ a: [1] }, { a: [1, 2] }, { a: [1, 2] }],
  [{ a: { b: 1 } }, { a: [1] }, { a: [1] }],
])('the patch from %j to %j is %j, and leads there', (before, after, patch) => {
  expect(patchBetween(before, after)).toEqual(patch);
  expect(mergePatch(before, patch)).toEqual(after);
});
