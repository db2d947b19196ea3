import { expect, test } from 'vitest';
import { changesOf } from './changes.ts';

test('only what differs is told', () => {
  expect(changesOf({ name: 'a', slug: 's' }, { name: 'b', slug: 's' })).toEqual({
    before: { name: 'a' },
    after: { name: 'b' },
  });
});

test('a field that comes or goes is null on the other side', () => {
  expect(changesOf({ a: 1 }, { b: 2 })).toEqual({ before: { a: 1, b: null }, after: { a: null, b: 2 } });
});

test('equal structures are no change', () => {
  expect(changesOf({ list: [1, { x: 2 }] }, { list: [1, { x: 2 }] })).toEqual({ before: {}, after: {} });
});

// R314
test('a secret that changed is told without its value', () => {
  const changes = changesOf({ secret: 'old' }, { secret: 'new' }, ['secret']);
  expect(changes).toEqual({ before: { secret: '[redacted]' }, after: { secret: '[redacted]' } });
});
