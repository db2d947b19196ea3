import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';

const program = join(import.meta.dirname, 'check-sizes.mjs');
const room = 'packages/server/src/identity/sessions';
const folders = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function judge(files) {
  const root = mkdtempSync(join(tmpdir(), 'gatehouse-sizes-'));
  folders.push(root);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const { status, stdout } = spawnSync(process.execPath, [program, root], { encoding: 'utf8' });
  return { status, offences: stdout.split('\n').filter(Boolean) };
}

const lines = (count) => 'export {};\n'.repeat(count);
const body = (count) => `{\n${'  f();\n'.repeat(count - 2)}}\n`;

test('a small, well-named tree passes', () => {
  expect(judge({ [`${room}/start-session.ts`]: lines(300) })).toEqual({ status: 0, offences: [] });
});

test('a file of 301 lines is refused; a test may have 500 and a migration any number', () => {
  const { status, offences } = judge({
    'packages/node/src/long.ts': lines(301),
    'packages/node/src/fits.test.ts': lines(500),
    'packages/node/src/long.test.ts': lines(501),
    'packages/server/src/platform/database/migrations/0001.ts': lines(900),
  });
  expect(status).toBe(1);
  expect(offences).toEqual([
    'packages/node/src/long.test.ts: 501 lines; the limit is 500',
    'packages/node/src/long.ts: 301 lines; the limit is 300',
  ]);
});

test('a function of 41 lines is refused unless the line above gives a reason, and one of 81 always', () => {
  const { offences } = judge({
    'a/fits.ts': `function f() ${body(40)}`,
    'a/long.ts': `function f() ${body(41)}`,
    'a/arrow.ts': `export const f = () => ${body(41)}`,
    'a/excused.ts': `// long: one table that is read from top to bottom\nexport function f() ${body(80)}`,
    'a/unreasoned.ts': `// long:\nexport function f() ${body(41)}`,
    'a/too-long.ts': `// long: because\nexport function f() ${body(81)}`,
  });
  expect(offences.sort()).toEqual([
    'a/arrow.ts:1: a function of 41 lines; the limit is 40',
    'a/long.ts:1: a function of 41 lines; the limit is 40',
    'a/too-long.ts:2: a function of 81 lines; the limit is 80',
    'a/unreasoned.ts:2: a function of 41 lines; the limit is 40',
  ]);
});

test('the list of tests inside a describe may be long, a single test may not', () => {
  const { offences } = judge({
    'a/list.test.ts': `describe('a list', () => ${body(60)});`,
    'a/one.test.ts': `test('one', () => ${body(60)});`,
  });
  expect(offences).toEqual(['a/one.test.ts:1: a function of 60 lines; the limit is 40']);
});

test('a fourth parameter is refused, in functions and methods alike', () => {
  const { offences } = judge({
    'a/three.ts': 'export const f = (a, b, c) => a;',
    'a/four.ts': 'export function f(a, b, c, d) {}',
    'a/method.ts': 'export const o = { f(a, b, c, d) {} };',
    'a/declared.ts': 'export type F = (a: 1, b: 2, c: 3, d: 4) => void;',
  });
  expect(offences).toEqual([
    'a/four.ts:1: 4 parameters; the limit is 3',
    'a/method.ts:1: 4 parameters; the limit is 3',
  ]);
});

test('a room beyond 1,500 lines or 15 source files is refused; its tests do not count', () => {
  const files = (folder, count) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`${folder}/part-${index}.ts`, lines(100)]));
  const { offences } = judge({ ...files(room, 15), [`${room}/part-0.test.ts`]: lines(400) });
  expect(offences).toEqual([]);
  expect(judge(files(room, 16)).offences).toEqual([
    `${room}: 1600 lines in this room; the limit is 1500`,
    `${room}: 16 source files in this room; the limit is 15`,
  ]);
});

test.each(['utils.ts', 'helpers/x.ts', 'common.ts', 'shared/x.ts', 'misc.ts', 'lib/x.ts', 'core.ts', 'manager.ts'])(
  'the empty name %s is refused',
  (name) => {
    expect(judge({ [`packages/server/src/${name}`]: lines(1) }).offences).toHaveLength(1);
  },
);

test('a name that only contains an empty word passes', () => {
  expect(judge({ 'packages/server/src/access/service-accounts/type-guard.ts': lines(1) }).offences).toEqual([]);
});

test.each([
  'process.env.HOME',
  "process['env'].HOME",
  'const { env } = process',
  'globalThis.process.env',
  "import { env } from 'node:process'",
])('the server reads the environment in config only: %s', (code) => {
  const at = (path) => judge({ [path]: code }).offences;
  expect(at('packages/server/src/platform/mail/index.ts')).toHaveLength(1);
  expect(at('packages/server/src/config/index.ts')).toEqual([]);
});
