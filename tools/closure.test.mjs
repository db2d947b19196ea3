// The refresh exchange must stay small enough to read in one sitting (architecture, "Sizes" and "Two walks").
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const source = fileURLToPath(new URL('../packages/server/src', import.meta.url));

/** Every file of ours that a file loads at run time, itself included; type imports load nothing. */
function closureOf(file, seen = new Set()) {
  if (seen.has(file)) return seen;
  seen.add(file);
  const text = readFileSync(file, 'utf8');
  for (const [, clause, path] of text.matchAll(/^(?:import|export)\s+([^;]*?)\s*from\s+'(\.[^']+)';/gms)) {
    const names = /\{([\s\S]*)\}/
      .exec(clause)?.[1]
      ?.split(',')
      .map((name) => name.trim())
      .filter(Boolean) ?? ['all'];
    const isTypeOnly = clause.startsWith('type') || names.every((name) => name.startsWith('type '));
    if (!isTypeOnly) closureOf(join(dirname(file), path), seen);
  }
  return seen;
}

test('the refresh use case loads at most 30 files of ours', () => {
  const closure = closureOf(join(source, 'identity/sessions/refresh-session.ts'));
  expect(
    [...closure]
      .map((file) => file.slice(source.length + 1))
      .sort()
      .slice(30),
  ).toEqual([]);
  expect(closure.size).toBeGreaterThan(5);
});
