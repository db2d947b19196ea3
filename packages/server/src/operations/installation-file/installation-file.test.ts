import { expect, test } from 'vitest';
import type { Installation, WholeEntry } from './document.ts';
import { planDocument, readDocument, writeDocument } from './index.ts';

const client = (of: Partial<WholeEntry>): WholeEntry => ({
  id: 'default',
  slug: 'default',
  name: 'Default',
  status: 'active',
  token_mode: 'v2_jwks',
  allowed_origins: [],
  webhook_url: null,
  settings: {},
  ...of,
});
const SHOP = client({ id: '01234567-89ab-7000-8000-0123456789ab', slug: 'shop', name: 'Shop' });
const NOW: Installation = { config: { 'brand.name': 'A', 'brand.color': '#123456' }, clients: [client({}), SHOP] };

const problemsOf = (source: string) => {
  const read = readDocument(source);
  return 'problems' in read ? read.problems.map(({ line, field }) => [line, field]) : [];
};

test('a file that was written is read as it was, and written again the same', () => {
  const text = writeDocument(NOW);
  const read = readDocument(text);
  expect('document' in read && planDocument(read.document, NOW, true)).toEqual([]);
  const mixed = { config: { 'brand.color': '#123456', 'brand.name': 'A' }, clients: [SHOP, client({})] };
  expect(writeDocument(mixed)).toBe(text);
});

test.each<[string, [number, string][]]>([
  ['version: 1\n', []],
  ['', [[1, '']]],
  ['[]', [[1, '']]],
  ['version: 2\n', [[1, 'version']]],
  ['version: 1\ncolour: red\n', [[2, 'colour']]],
  ['version: 1\nversion: 1\n', [[2, '']]],
  ['version: 1\nclients:\n  - slug: a\n    name: A\n    secret: x\n', [[5, 'clients.0.secret']]],
  ['version: 1\nclients:\n  - slug: a\n', [[3, 'clients.0']]],
  ['version: 1\nclients:\n  - slug: A\n    name: A\n', [[3, 'clients.0.slug']]],
  ['version: 1\nclients:\n  - {slug: a, name: A}\n  - {slug: a, name: B}\n', [[4, 'clients.1.slug']]],
  ['version: 1\nclients:\n  - {slug: administrators, name: A}\n', [[3, 'clients.0.slug']]],
  ['version: 1\nclients:\n  - {id: administrators, slug: b, name: A}\n', [[3, 'clients.0.id']]],
  ['version: 1\nclients:\n  - slug: a\n    name: A\n    settings:\n      x: 1\n', [[6, 'clients.0.settings.x']]],
  ['version: 1\nconfig:\n  brand:\n    nam: A\n', [[4, 'config.brand.nam']]],
  ['version: 1\nconfig:\n  brand:\n    name: 7\n', [[4, 'config.brand.name']]],
  ['version: 1\nconfig:\n  - brand\n', [[3, 'config']]],
  ['version: 1\nclients: {\n', [[3, '']]],
  [`a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [${Array(50).fill('*a')}]\nc: [${Array(50).fill('*b')}]\n`, [[1, '']]],
])('the mistakes of %j are at %j', (source, places) => {
  expect(problemsOf(source)).toEqual(places);
});

const plan = (document: object, prune = false) =>
  planDocument({ version: 1, ...document }, NOW, prune).map((step) => {
    if (step.kind === 'set' || step.kind === 'reset') return `${step.kind} ${step.setting}`;
    if (step.kind === 'update') return `update ${step.entry.slug}: ${step.fields.join(' ')}`;
    return step.kind === 'create' ? `create ${step.entry.slug}` : `disable ${step.slug}`;
  });

test.each<[object, boolean, string[]]>([
  [{}, true, []],
  [{ config: { brand: { name: 'A' } } }, false, []],
  [{ config: { brand: { name: 'B' } } }, false, ['set brand.name']],
  [{ config: { brand: { name: 'A' } } }, true, ['reset brand.color']],
  [{ config: {} }, true, ['reset brand.name', 'reset brand.color']],
  [{ clients: [{ slug: 'shop', name: 'Shop' }] }, false, []],
  [{ clients: [{ slug: 'shop', name: 'Other' }] }, false, ['update shop: name']],
  [{ clients: [{ id: SHOP.id, slug: 'moved', name: 'Shop' }] }, false, ['update moved: slug']],
  [{ clients: [{ slug: 'new', name: 'New' }] }, false, ['create new']],
  [{ clients: [{ slug: 'new', name: 'New' }] }, true, ['create new', 'disable shop']],
  [{ clients: [] }, true, ['disable shop']],
  [
    { clients: [{ slug: 'shop', name: 'Shop', allowed_origins: ['https://b.example', 'https://a.example'] }] },
    false,
    ['update shop: allowed_origins'],
  ],
])('the plan of %j with prune %s is %j', (document, prune, steps) => {
  expect(plan(document, prune)).toEqual(steps);
});
