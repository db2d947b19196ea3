import { expect, test } from 'vitest';
import { releasedChangelog, unreleased } from './changelog.ts';

const changelog =
  '# Changelog\n\n## [Unreleased]\n\n### Added\n\n- A thing.\n\n## [0.1.0] - 2026-01-01\n\n- The first.\n';

test('what is unreleased ends where the last release begins', () => {
  expect(unreleased(changelog)).toBe('### Added\n\n- A thing.');
});

test('a release takes what was unreleased and leaves an empty place for the next', () => {
  const next = releasedChangelog(changelog, { version: '0.2.0', date: '2026-02-03' });
  expect(next).toContain('## [Unreleased]\n\n## [0.2.0] - 2026-02-03\n\n### Added\n\n- A thing.\n\n## [0.1.0]');
  expect(unreleased(next)).toBe('');
});

test('a release of nothing is refused', () => {
  expect(() => releasedChangelog('## [Unreleased]\n\n## [0.1.0]\n', { version: '1.0.0', date: '' })).toThrow('nothing');
});
