import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PACKAGE = fileURLToPath(new URL('../..', import.meta.url));
// Inside the repository, so that packages are found as from the original.
const PLACE = fileURLToPath(new URL('../../../../.cache/planted/', import.meta.url));

/** One bug: what it breaks, in a file of the server, as a unified diff. */
export interface Planted {
  what: string;
  file: string;
  hunks: { before: string; after: string }[];
}

/** Reads a patch: a line that says what it breaks, and a unified diff of one file. */
export function readPatch(text: string): Planted {
  const [what = '', ...lines] = text.split('\n');
  const file = /^\+\+\+ b\/(.+)$/m.exec(text)?.[1] ?? '';
  const hunks: Planted['hunks'] = [];
  for (const line of lines) {
    const hunk = hunks.at(-1);
    if (line.startsWith('@@')) hunks.push({ before: '', after: '' });
    else if (hunk && line !== '') {
      if (!line.startsWith('+')) hunk.before += `${line.slice(1)}\n`;
      if (!line.startsWith('-')) hunk.after += `${line.slice(1)}\n`;
    }
  }
  return { what, file, hunks };
}

/** A copy of the server with a bug in it, or without one; returns its folder. Throws when the patch no longer fits. */
export function plantBug(name: string, planted: Planted | null): string {
  const folder = join(PLACE, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const part of ['package.json', 'src', 'assets', 'test/kit', 'test/model'])
    cpSync(join(PACKAGE, part), join(folder, part), { recursive: true });
  if (!planted) return folder;
  const path = join(folder, planted.file);
  let source = readFileSync(path, 'utf8');
  for (const { before, after } of planted.hunks) {
    if (source.split(before).length !== 2)
      throw new Error(
        `${name}.patch does not fit ${planted.file} any more: make the bug anew there, so that it still breaks what it says (“${planted.what}”).`,
      );
    source = source.replace(before, () => after);
  }
  writeFileSync(path, source);
  return folder;
}
