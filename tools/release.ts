// `npm run release -- 0.2.0`: makes a release of what is committed. All packages get the version, the changelog gets the day, what would be published is
// built, examined and started in an empty folder; then one commit, its tag, and a second commit that notes the first in releases.json, from where the
// upgrade test takes the release before. Publishing is left to whoever may: the commands are printed.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { releasedChangelog } from './release/changelog.ts';
import { atVersion, type Manifest } from './release/manifest.ts';
import { npm } from './release/pack.ts';
import { checkVersion, type Release } from './release/releases.ts';
import { packageFolders } from './release/stage-packages.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const at = (path: string) => join(root, path);
const read = (path: string) => readFileSync(at(path), 'utf8');
const readJson = <Value>(path: string) => JSON.parse(read(path)) as Value;
const writeJson = (path: string, value: unknown) => writeFileSync(at(path), `${JSON.stringify(value, null, 2)}\n`);
const git = (...words: string[]) => execFileSync('git', words, { cwd: root, encoding: 'utf8' }).trim();

function setVersions(version: string): void {
  const paths = packageFolders.map((folder) => `packages/${folder}/package.json`);
  const manifests = paths.map((path) => readJson<Manifest>(path));
  const ours = new Set(manifests.map(({ name }) => name));
  for (const [i, path] of paths.entries()) writeJson(path, atVersion(manifests[i] as Manifest, version, ours));
  writeJson('package.json', { ...readJson<Manifest>('package.json'), version });
  npm(['install', '--package-lock-only', '--ignore-scripts', '--no-audit', '--no-fund'], root);
}

function examine(): void {
  const vitest = at('node_modules/vitest/vitest.mjs');
  const words = [vitest, 'run', '--project', 'server', 'tools/release'];
  execFileSync(process.execPath, words, { cwd: root, stdio: 'inherit' });
}

function release(version: string): void {
  const releases = readJson<Release[]>('releases.json');
  checkVersion(version, releases);
  if (git('status', '--porcelain') !== '') throw new Error('There are changes that are not committed.');
  const date = new Date().toISOString().slice(0, 10);
  writeFileSync(at('CHANGELOG.md'), releasedChangelog(read('CHANGELOG.md'), { version, date }));
  setVersions(version);
  examine();
  git('commit', '--quiet', '--all', '--message', `chore(release): ${version}`);
  git('tag', `v${version}`);
  writeJson('releases.json', [...releases, { version, date, commit: git('rev-parse', 'HEAD') }]);
  git('commit', '--quiet', '--all', '--message', `chore(release): where ${version} is`);
  const publish = packageFolders.map((folder) => `  npm publish .cache/packages/${folder}`);
  process.stdout.write(
    `Released ${version}. To publish it:\n  git push --follow-tags\n  npm run build\n${publish.join('\n')}\n`,
  );
}

try {
  release(process.argv[2] ?? '');
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
