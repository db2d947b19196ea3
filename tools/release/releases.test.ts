import { expect, test } from 'vitest';
import { checkVersion } from './releases.ts';

const releases = ['0.1.0', '0.9.0', '0.10.0'].map((version) => ({ version, date: '2026-01-01', commit: 'c' }));

test.each(['0.10.1', '0.11.0', '1.0.0'])('%s comes after 0.10.0', (version) => {
  expect(() => checkVersion(version, releases)).not.toThrow();
});

test.each(['0.10.0', '0.9.9', '0.2.0'])('%s does not', (version) => {
  expect(() => checkVersion(version, releases)).toThrow(`${version} does not come after it`);
});

test.each(['', 'v1.0.0', '1.0', '1.0.0-rc.1', 'next'])('"%s" is no version', (version) => {
  expect(() => checkVersion(version, [])).toThrow('is none');
});

test('the first release may be any', () => {
  expect(() => checkVersion('0.1.0', [])).not.toThrow();
});
