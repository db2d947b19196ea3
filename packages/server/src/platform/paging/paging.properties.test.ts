import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyText, expectQuick } from '../../../test/kit/evil-texts.ts';
import { httpRefusals } from '../http/index.ts';
import { pageOf, readPage } from './index.ts';

const keys = fc.uniqueArray(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }), { maxLength: 30 });
const INVALID = httpRefusals.invalid_request().code;

test('page after page every row is seen once and in order', () => {
  const complete = fc.property(keys, fc.integer({ min: 1, max: 10 }), (unsorted, limit) => {
    const rows = [...unsorted].sort();
    const seen: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const { after } = readPage({ limit: String(limit), ...(cursor !== undefined && { cursor }) });
      const rest = rows.filter((row) => after === null || row > after).slice(0, limit + 1);
      const page = pageOf(rest, { limit, keyOf: (row) => row, present: (row) => row });
      seen.push(...page.items);
      cursor = page.next_cursor;
    }
    expect(seen).toEqual(rows);
  });
  fc.assert(complete, { numRuns: 1000 });
});

test('a cursor is one that a page could have named, or is refused', () => {
  const exact = fc.property(anyText(60), (cursor) => {
    try {
      expect(Buffer.from(readPage({ cursor }).after ?? '').toString('base64url')).toBe(cursor);
    } catch (error) {
      expect(error).toMatchObject({ code: INVALID });
    }
  });
  fc.assert(exact, { numRuns: 3000 });
});

// T-083
test('no cursor keeps the parser busy', async () => {
  await expectQuick((cursor) => {
    try {
      readPage({ cursor });
    } catch {
      // Refused, as it should be: only the time counts here.
    }
  });
});
