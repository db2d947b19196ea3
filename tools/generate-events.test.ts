import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { eventNames } from '../packages/protocol/src/index.ts';
import { describeEvents } from './generate-events.ts';

test('docs/events.md is what the protocol says', () => {
  expect(readFileSync(new URL('../docs/events.md', import.meta.url), 'utf8')).toBe(describeEvents());
});

test('names of events are snake_case and in order', () => {
  const names = Object.keys(eventNames);
  expect(names.filter((name) => !/^[a-z]+(_[a-z]+)*$/.test(name))).toEqual([]);
  expect(names).toEqual([...names].sort());
});
