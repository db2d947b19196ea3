import fc from 'fast-check';
import { anyText } from '../kit/evil-texts.ts';

/** Stands for text that JSON.stringify would never write; `writeJson` puts it in the place of the marked string. */
const RAW = '\u{e000}raw:';

/** What a field may hold that it should not: other types, edges, what has broken other parsers. */
const nasties: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  2 ** 31,
  2 ** 53,
  -(2 ** 63),
  1e300,
  `${RAW}1e999`,
  `${RAW}-0`,
  '',
  ' ',
  '0',
  '-1',
  '\0',
  'a\0b',
  '\ud800',
  'a\udfffb',
  '\ufeff',
  '\u202egnp',
  '👩‍👩‍👧‍👦'.repeat(20),
  'ß'.repeat(300),
  'x'.repeat(50_000),
  `${'a'.repeat(25_000)}@${'b.'.repeat(12_000)}c`,
  '__proto__',
  'constructor',
  'null',
  'undefined',
  'NaN',
  "' or 1=1 --",
  '%00%ff%c0%ae',
  '../../../../etc/passwd',
  `\${7*7}{{7*7}}`,
  '<script>alert(1)</script>',
  'a\r\nset-cookie: polluted=1',
  '9999-99-99T99:99:99Z',
  '+275760-09-13T00:00:00.001Z',
  '00000000-0000-0000-0000-000000000000',
  '//example.com',
  'https://user:pass@example.com:99999/',
  'http://[::1]:1/',
  'javascript:alert(1)',
  [],
  {},
  [null],
  [[[[]]]],
  ['a', 'a'],
  { $gt: '' },
  { toString: 'x', valueOf: 'x' },
  { length: 5, toJSON: 'x' },
  `${RAW}{"__proto__":{"polluted":true}}`,
  `${RAW}{"constructor":{"prototype":{"polluted":true}}}`,
  `${RAW}{"\\u005f_proto__":{"polluted":true}}`,
  `${RAW}{"a":1,"a":{"a":2}}`,
];

export const nasty: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...nasties) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  { weight: 1, arbitrary: anyText(60) },
);

/** A value as text, for places that hold nothing else: addresses, headers, forms. */
export function plainText(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return (text.startsWith(RAW) ? text.slice(RAW.length) : text).slice(0, 4000);
}

export const nastyText: fc.Arbitrary<string> = nasty.map(plainText);

/** JSON, with what no program would write. */
export function writeJson(value: unknown): string {
  const json = JSON.stringify(value) ?? 'null';
  return json.includes(RAW)
    ? json.replace(/"\u{e000}raw:((?:[^"\\]|\\.)*)"/gu, (_, text) => JSON.parse(`"${text}"`))
    : json;
}

/** An array inside an array inside … */
const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;

/** Bodies that are nothing a client of ours would send. */
export const garbageBody: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    '{',
    '}',
    '[]',
    'null',
    '"text"',
    '0',
    '{"a":}',
    "{'a':1}",
    '{"a":1,}',
    '\ufeff{}',
    '{"a":"\ud800"}',
    '{"a":1}{"b":2}',
    '{"__proto__":{"polluted":1}}',
    '{"email":"a","email":["b"]}',
    'a=b&a=c&a[b]=d&__proto__[polluted]=1',
    '=&=&&&;',
    '%',
    '%zz=%00',
    'csrf=a&csrf=b',
    deep(31),
    deep(33),
    deep(30_000),
    `{"a":${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}}`,
    `"${'x'.repeat(50_000)}"`,
    `[${'1,'.repeat(30_000)}1]`,
    `{${Array.from({ length: 4000 }, (_, at) => `"k${at}":0`).join(',')}}`,
    'x'.repeat(70_000),
  ),
  anyText(300),
  fc.json({ maxDepth: 4 }),
);
