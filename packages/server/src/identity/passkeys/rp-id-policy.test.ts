import { expect, test } from 'vitest';
import { chooseRpId, mayUseRpId, normaliseRpId } from './rp-id-policy.ts';

test.each([
  ['Example.COM.', 'example.com'],
  ['localhost', 'localhost'],
  ['https://example.com', null],
  ['example.com/path', null],
  ['exa mple.com', null],
  ['a..b', null],
  ['', null],
])('the RP ID %j is written %j', (text, rpId) => {
  expect(normaliseRpId(text)).toBe(rpId);
});

test.each([
  ['app.example.com', 'example.com', true],
  ['example.com', 'example.com', true],
  ['example.com', 'app.example.com', false],
  ['evilexample.com', 'example.com', false],
  ['example.com', 'com', false],
  ['app.localhost', 'localhost', false],
  ['10.0.0.1', '0.0.1', false],
])('pages of %s may use passkeys of %s: %s', (host, rpId, expected) => {
  expect(mayUseRpId(host, rpId)).toBe(expected);
});

const facts = {
  origin: 'https://app.example.com',
  requested: undefined,
  clientSetting: undefined,
  configured: null,
  issuer: 'https://auth.example.com',
};

// D12
test('the first that the page may use is chosen: request, client, configuration, issuer, the page itself', () => {
  expect(chooseRpId(facts)).toBe('app.example.com');
  expect(chooseRpId({ ...facts, configured: 'example.com' })).toBe('example.com');
  expect(chooseRpId({ ...facts, clientSetting: 'app.example.com', configured: 'example.com' })).toBe('app.example.com');
  expect(chooseRpId({ ...facts, requested: 'example.com', clientSetting: 'app.example.com' })).toBe('example.com');
  expect(chooseRpId({ ...facts, requested: 'evil.example' })).toBeNull();
});
