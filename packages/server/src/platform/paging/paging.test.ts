import { expect, test } from 'vitest';
import { pageOf, readPage } from './index.ts';

const of = { limit: 2, keyOf: (row: { id: string }) => row.id, present: (row: { id: string }) => row.id };
const rows = [{ id: 'a' }, { id: 'b' }, { id: 'c' }];

test('a page tells where the next one begins', () => {
  const page = pageOf(rows, of);
  expect(page.items).toEqual(['a', 'b']);
  expect(readPage({ cursor: page.next_cursor ?? '' }).after).toBe('b');
});

test('the last page names no next one', () => {
  expect(pageOf(rows.slice(0, 2), of)).toEqual({ items: ['a', 'b'], next_cursor: null });
  expect(pageOf([], of)).toEqual({ items: [], next_cursor: null });
});

test('a page has 50 items unless asked, and never more than the list allows', () => {
  expect(readPage({}).limit).toBe(50);
  expect(readPage({ limit: '10000' }).limit).toBe(200);
  expect(readPage({ limit: '10000' }, 10_000).limit).toBe(10_000);
});

test.each(['!', 'YQ==', 'a'])('the cursor %s, which no page named, is refused', (cursor) => {
  expect(() => readPage({ cursor })).toThrow(expect.objectContaining({ code: 'invalid_request' }));
});
