import { expect, test } from 'vitest';
import { algorithmToMake } from './key-algorithm-policy.ts';

const PLAIN = { tokenMode: 'v2_jwks', settings: {} } as const;
const LEGACY = { tokenMode: 'v1_hs256', settings: {} } as const;
const RSA = { tokenMode: 'v2_jwks', settings: { signing_algorithm: 'RS256' } } as const;

// D6, R030
test.each([
  ['nothing changes', PLAIN, PLAIN, { isModeNamed: false, current: null }, null],
  ['an algorithm is chosen', PLAIN, RSA, { isModeNamed: false, current: null }, 'RS256'],
  ['the same one is chosen again', RSA, RSA, { isModeNamed: false, current: 'RS256' }, null],
  ['the choice is withdrawn', RSA, PLAIN, { isModeNamed: false, current: 'RS256' }, 'ES256'],
  ['the mode is named for the first time', PLAIN, PLAIN, { isModeNamed: true, current: null }, 'ES256'],
  ['the mode is named again', PLAIN, PLAIN, { isModeNamed: true, current: 'ES256' }, null],
  ['the legacy mode begins', PLAIN, LEGACY, { isModeNamed: true, current: null }, 'HS256'],
  ['the legacy mode ends', LEGACY, RSA, { isModeNamed: true, current: 'HS256' }, 'RS256'],
] as const)('when %s', (...[, before, after, of, algorithm]) => {
  expect(algorithmToMake(before, after, of)).toBe(algorithm);
});
