import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { migrations } from './index.ts';

const folder = new URL('.', import.meta.url);
const files = readdirSync(folder).filter((name) => /^\d{4}-.+\.ts$/.test(name));

test('the steps are in the order of their numbers, each in the file of its name', () => {
  const names = migrations.map((one) => one.name);
  expect(names).toEqual([...names].sort());
  expect(files.map((name) => name.replace('.ts', ''))).toEqual(names);
});

//
test('a step that takes something away says so in its name', () => {
  const takesAway = /\b(?:drop|rename|setNotNull|alterColumn)/i;
  const offenders = files.filter(
    (name) => !/^\d{4}-contract-/.test(name) && takesAway.test(readFileSync(new URL(name, folder), 'utf8')),
  );
  expect(offenders).toEqual([]);
});
