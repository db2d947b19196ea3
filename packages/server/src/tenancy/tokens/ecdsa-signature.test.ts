import { generateKeyPairSync, sign, verify } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { derFromFixed, fixedFromDer } from './ecdsa-signature.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const dsaEncoding = 'ieee-p1363' as const;
const text = Buffer.from('signed');

test('what is signed as DER verifies as two numbers, and back', () => {
  // Enough for numbers with and without their first bit, and shorter ones.
  for (let round = 0; round < 1_000; round++) {
    const fixed = fixedFromDer(sign('sha256', text, privateKey));
    expect(verify('sha256', text, { key: publicKey, dsaEncoding }, fixed)).toBe(true);
    expect(verify('sha256', text, publicKey, derFromFixed(fixed))).toBe(true);
  }
});

test('what is signed as two numbers verifies as DER', () => {
  const fixed = sign('sha256', text, { key: privateKey, dsaEncoding });
  expect(verify('sha256', text, publicKey, derFromFixed(fixed))).toBe(true);
});

test('any two numbers survive both ways, however many zeros they begin with', () => {
  const number = fc
    .tuple(fc.integer({ min: 0, max: 32 }), fc.uint8Array({ minLength: 32, maxLength: 32 }))
    .map(([zeros, bytes]) => Buffer.from(bytes).fill(0, 0, zeros));
  fc.assert(
    fc.property(number, number, (r, s) => {
      const fixed = Buffer.concat([r, s]);
      expect(fixedFromDer(derFromFixed(fixed)).equals(fixed)).toBe(true);
    }),
  );
});

// T-051
test.each([
  ['zeros', Buffer.alloc(64)],
  ['numbers beyond the order of the curve', Buffer.alloc(64, 0xff)],
])('%s are DER that verifies nothing', (_title, fixed) => {
  expect(verify('sha256', text, publicKey, derFromFixed(fixed))).toBe(false);
});
