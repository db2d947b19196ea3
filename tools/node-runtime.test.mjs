import { expect, test } from 'vitest';
import { isSupported, pinnedVersion, tooOldSentence } from './node-runtime.mjs';

test.each(['22.18.0', '22.21.1', '24.0.0', '26.10.0', pinnedVersion])('Node %s runs the repository', (version) => {
  expect(isSupported(version)).toBe(true);
});

test.each(['18.20.0', '20.20.2', '22.17.9', '22.2.0', ''])('Node "%s" does not', (version) => {
  expect(isSupported(version)).toBe(false);
});

test('someone with an old Node is told in one sentence what to install', () => {
  expect(tooOldSentence('20.1.0')).toMatch(/^Gatehouse needs Node\.js 22\.18 .*20\.1\.0.*nodejs\.org[^.]*\.$/);
});
