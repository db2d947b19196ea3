// The release before the working tree, as releases.json names it: its files from the history, beside the working tree, with the libraries that are
// installed here when it was made for the same ones, else with its own.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { npm } from '../../../../tools/release/pack.ts';
import type { Release } from '../../../../tools/release/releases.ts';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const readJson = (...path: string[]) => JSON.parse(readFileSync(join(...path), 'utf8'));

/** The newest entry of releases.json, or why there is none to look at. */
export function findPreviousRelease(): { release: Release | null; missing: string | null } {
  const release = (readJson(root, 'releases.json') as Release[]).at(-1) ?? null;
  if (!release) return { release, missing: 'releases.json names no release' };
  try {
    execFileSync('git', ['cat-file', '-e', `${release.commit}^{commit}`], { cwd: root, stdio: 'pipe' });
    return { release, missing: null };
  } catch {
    return { release, missing: `the history of this clone does not reach ${release.version} (${release.commit})` };
  }
}

function hasSameLibraries(folder: string): boolean {
  const libraries = (of: string) => {
    const { dependencies } = readJson(of, 'packages/server/package.json') as { dependencies: Record<string, string> };
    return JSON.stringify(Object.entries(dependencies).filter(([name]) => !name.startsWith('@gatehouse/')));
  };
  return libraries(folder) === libraries(root);
}

function linkLibraries(folder: string): void {
  mkdirSync(join(folder, 'node_modules/@gatehouse'), { recursive: true });
  // Its own packages, not those of the working tree, and by a way that stays right under another name; all else is found further up.
  for (const name of ['protocol', 'browser', 'node']) {
    symlinkSync(join('../../packages', name), join(folder, 'node_modules/@gatehouse', name));
  }
  const nested = join(root, 'packages/server/node_modules');
  if (existsSync(nested)) symlinkSync(nested, join(folder, 'packages/server/node_modules'));
}

/** Lays the files of a release out, once, and answers the path of its command. */
export function checkOut({ version, commit }: Release): string {
  const folder = join(root, '.cache/releases', `${version}-${commit.slice(0, 12)}`);
  const program = join(folder, 'packages/server/bin/gatehouse.mjs');
  if (existsSync(folder)) return program;
  const unfinished = `${folder}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  const tar = execFileSync('git', ['archive', '--format=tar', commit], { cwd: root, maxBuffer: 2 ** 28 });
  execFileSync('tar', ['-x', '-C', unfinished], { input: tar });
  if (hasSameLibraries(unfinished)) linkLibraries(unfinished);
  else npm(['ci', '--omit=dev', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'], unfinished);
  renameSync(unfinished, folder);
  return program;
}
