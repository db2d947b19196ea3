const UNRELEASED = '## [Unreleased]';

/** What happened since the last release: the text under "Unreleased", trimmed. */
export function unreleased(changelog: string): string {
  const [, after = ''] = changelog.split(UNRELEASED);
  return (after.split(/^## /m)[0] ?? '').trim();
}

/** The changelog in which what was unreleased is the release `version` of `date` (ISO 8601, a day). Throws when nothing happened. */
export function releasedChangelog(changelog: string, { version, date }: { version: string; date: string }): string {
  if (unreleased(changelog) === '') throw new Error('CHANGELOG.md has nothing under "Unreleased".');
  return changelog.replace(UNRELEASED, `${UNRELEASED}\n\n## [${version}] - ${date}`);
}
