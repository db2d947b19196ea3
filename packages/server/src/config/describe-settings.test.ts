import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { describeSettings } from './index.ts';
import { settings } from './settings.ts';

describe('the configuration reference', () => {
  it('is the committed docs/configuration.md', () => {
    const committed = readFileSync(new URL('../../../../docs/configuration.md', import.meta.url), 'utf8');
    expect(committed).toBe(describeSettings());
  });

  it('has one row of five cells for every setting', () => {
    const rows = describeSettings()
      .split('\n')
      .filter((line) => line.startsWith('| `'));
    expect(rows).toHaveLength(settings.length);
    expect(rows.every((row) => row.split(/(?<!\\)\|/).length === 7)).toBe(true);
  });

  it('names no key and no variable twice', () => {
    const names = settings.flatMap(({ key, env }): string[] => [key, ...env]);
    expect(new Set(names).size).toBe(names.length);
  });
});
