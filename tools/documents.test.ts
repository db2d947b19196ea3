import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const pages = globSync(['*.md', 'docs/**/*.md', 'deploy/**/*.md', 'examples/*/*.md', 'packages/*/*.md'], { cwd: root });

const read = (page: string) => readFileSync(join(root, page), 'utf8');

/** Links to other places of the repository, without their fragment. */
function linksOf(page: string): string[] {
  const targets = [...read(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target.replace(/#.*$/, ''));
  return targets.filter((target) => target !== '' && !/^[a-z]+:/.test(target));
}

/** Files named in backticks, from the root or from the server's sources. */
function filesOf(page: string): string[] {
  const named = [...read(page).matchAll(/`([\w.-]+(?:\/[\w.-]+)+\.(?:ts|mjs|js|cjs))`/g)].map(([, path = '']) => path);
  return named.filter((path) => !path.startsWith('./'));
}

test.each(pages)('%s links to pages that exist', (page) => {
  const dead = linksOf(page).filter((target) => !existsSync(join(root, dirname(page), target)));
  expect(dead).toEqual([]);
});

test.each(pages)('%s names files that exist', (page) => {
  const places = ['', 'packages/server/src/'];
  const missing = filesOf(page).filter((path) => !places.some((place) => existsSync(join(root, place, path))));
  expect(missing).toEqual([]);
});

test('ARCHITECTURE.md names every room there is', () => {
  const text = read('ARCHITECTURE.md');
  const rooms = globSync('{platform,tenancy,identity,access,federation,operations}/*/index.ts', {
    cwd: join(root, 'packages/server/src'),
  }).map((door) => door.split('/').at(-2) ?? '');
  expect(rooms.length).toBeGreaterThan(20);
  expect(rooms.filter((room) => !text.includes(`\`${room}\``))).toEqual([]);
});
