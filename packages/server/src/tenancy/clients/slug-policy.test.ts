import { expect, test } from 'vitest';
import { SLUG_PATTERN, slugOf } from './slug-policy.ts';

test.each([
  ['My Shop', 'my-shop'],
  ['  Café – Zürich! ', 'cafe-zurich'],
  ['日本', 'client'],
  ['---', 'client'],
  ['A', 'a'],
  [`${'x'.repeat(55)} y`, 'x'.repeat(55)],
])('the slug of %j is %s', (name, slug) => {
  expect(slugOf(name)).toBe(slug);
  expect(slugOf(name)).toMatch(new RegExp(SLUG_PATTERN));
});
