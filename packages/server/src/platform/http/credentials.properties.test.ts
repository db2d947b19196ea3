import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyText, expectQuick } from '../../../test/kit/evil-texts.ts';
import { bearerOf, readCookie, writeCookie } from './credentials.ts';
import type { RawRequest } from './route.ts';

const NAME = 'auth_refresh';
const token = fc.stringMatching(/^[A-Za-z0-9._-]{1,60}$/);
const otherName = fc
  .oneof(
    fc.stringMatching(/^[A-Za-z0-9_-]{1,20}$/),
    fc.constantFrom(`x${NAME}`, `${NAME}x`, `__Host-${NAME}`, 'AUTH_REFRESH'),
  )
  .filter((name) => name !== NAME);
const other = fc.tuple(otherName, token).map(([name, value]) => `${name}=${value}`);
const cookie = { name: NAME, path: '/', secure: true, sameSite: 'Lax' } as const;
const requestOf = (authorization: string | undefined) => ({ headers: { authorization } }) as unknown as RawRequest;

/** What a browser sends back of a Set-Cookie. */
const sentBack = (value: string) => writeCookie({ ...cookie, value }).split(';')[0] ?? '';

test('what is written is read, whatever other cookies stand around it', () => {
  const found = fc.property(token, fc.array(other, { maxLength: 5 }), fc.nat(), (value, others, at) => {
    const all = [...others];
    all.splice(at % (others.length + 1), 0, sentBack(value));
    expect(readCookie(all.join('; '), NAME)).toBe(value);
    expect(readCookie(others.join('; '), NAME)).toBeNull();
  });
  fc.assert(found, { numRuns: 2000 });
});

// T-057
test('a cookie that is there twice is nobody’s', () => {
  const none = fc.property(token, token, fc.array(other, { maxLength: 3 }), (one, two, others) => {
    expect(readCookie([sentBack(one), ...others, sentBack(two)].join('; '), NAME)).toBeNull();
  });
  fc.assert(none, { numRuns: 1000 });
});

test('whatever a header holds, what is read of it was in it', () => {
  const piece = fc.oneof(fc.constantFrom(`${NAME}=`, NAME, '=', ';', '; ', '"', ' '), token, anyText(10));
  let found = 0;
  const within = fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
    const header = pieces.join('');
    const value = readCookie(header, NAME);
    if (value === null) return;
    found++;
    expect(header).toContain(`${NAME}=`);
    expect(header).toContain(value);
  });
  fc.assert(within, { numRuns: 3000 });
  expect(found).toBeGreaterThan(100);
});

test('a bearer token is read from one form only', () => {
  const exact = fc.property(token, fc.string({ minLength: 1, maxLength: 3 }), (value, shard) => {
    expect(bearerOf(requestOf(`Bearer ${value}`))).toBe(value);
    for (const wrong of [value, `Basic ${value}`, `Bearer  ${value}`, `Bearer ${value} `, `Bearer ${value},${shard}`])
      expect(bearerOf(requestOf(wrong))).toBeNull();
  });
  fc.assert(exact, { numRuns: 1000 });
});

// T-083
test('no header keeps the parsers busy', async () => {
  await expectQuick((text) => readCookie(text.slice(0, 8192), NAME));
  await expectQuick((text) => readCookie(text, NAME));
  await expectQuick((text) => bearerOf(requestOf(`Bearer ${text}`)));
});
