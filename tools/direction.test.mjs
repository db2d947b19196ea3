import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const src = 'packages/server/src';
const fixture = mkdtempSync(join(tmpdir(), 'gatehouse-direction-'));
afterAll(() => rmSync(fixture, { recursive: true }));

const legal = {
  [`${src}/platform/database/index.ts`]:
    "import 'node:sqlite'; import 'kysely'; import 'pg'; export type Row = 1; export const db = 1;",
  [`${src}/platform/http/index.ts`]: "import 'fastify'; export const http = 1;",
  [`${src}/platform/clock.ts`]: 'export const clock = 1;',
  [`${src}/config/index.ts`]: 'export type Config = 1; export const config = 1;',
  [`${src}/tenancy/tokens/index.ts`]: "export * from './sign.ts';",
  [`${src}/tenancy/tokens/sign.ts`]:
    "import type { Config } from '../../config/index.ts'; export const sign = (c: Config) => c; export type Sign = 1;",
  [`${src}/tenancy/tokens/store/rows.ts`]: "import 'kysely';",
  [`${src}/identity/users/index.ts`]: "import '../../platform/clock.ts'; export * from './find-user.ts';",
  [`${src}/identity/users/find-user.ts`]:
    "import { sign } from '../../tenancy/tokens/index.ts'; export const find = sign;",
  [`${src}/identity/users/find-user.test.ts`]:
    "import '../../server.ts'; import '../../tenancy/tokens/sign.ts'; import 'kysely';",
  [`${src}/identity/users/routes.ts`]: "import type {} from 'fastify'; import '../../platform/http/index.ts';",
  [`${src}/identity/users/name-policy.ts`]:
    "import type { find } from './find-user.ts'; export type Name = typeof find;",
  [`${src}/server.ts`]: "import 'fastify'; import './identity/users/index.ts'; import './config/index.ts';",
  [`${src}/main.ts`]: "import './server.ts';",
  [`${src}/migrations/0001-first.ts`]: "import 'kysely'; export const first = 1;",
  [`${src}/messages/index.ts`]: "export * from './en.ts';",
  [`${src}/messages/en.ts`]: "export const en = 'Welcome';",
  [`${src}/platform/mail/index.ts`]: "import '../../messages/index.ts'; export const mail = 1;",
  'packages/protocol/src/index.ts': 'export const wire = 1;',
  'e2e/journey.test.ts': `import '../${src}/server.ts';`,
};

// Each breaks one rule and imports what the legal files above hold.
const planted = {
  'never-upward-from-platform': [
    `${src}/platform/up/index.ts`,
    "import type { Sign } from '../../tenancy/tokens/index.ts'; export type X = Sign;",
  ],
  'never-upward-from-tenancy': [`${src}/tenancy/up/index.ts`, "import '../../identity/users/index.ts';"],
  'nobody-imports-the-composition': [`${src}/identity/greedy/index.ts`, "import '../../server.ts';"],
  'configuration-is-handed-in': [
    `${src}/identity/reader/index.ts`,
    "import { config } from '../../config/index.ts'; export const c = config;",
  ],
  'only-through-the-door': [`${src}/identity/burglar/index.ts`, "import '../../tenancy/tokens/sign.ts';"],
  'only-through-the-door-from-outside': [`${src}/commands/init.ts`, "import '../tenancy/tokens/sign.ts';"],
  'no-cycles': [`${src}/identity/circle/index.ts`, "import './other.ts'; export const a = 1;"],
  'sql-only-in-stores': [
    `${src}/identity/devices/list-devices.ts`,
    "import type { Kysely } from 'kysely'; export type K = Kysely<1>;",
  ],
  'http-only-in-routes': [
    `${src}/identity/devices/show.ts`,
    "import type { FastifyReply } from 'fastify'; export type R = FastifyReply;",
  ],
  'policies-are-pure': [
    `${src}/identity/devices/age-policy.ts`,
    "import { clock } from '../../platform/clock.ts'; export const x = clock;",
  ],
  'messages-import-nothing': [`${src}/messages/de.ts`, "import '../platform/clock.ts'; export const de = 1;"],
  'protocol-stands-alone': ['packages/protocol/src/leak.ts', "import '../../node/src/index.ts';"],
  'nobody-imports-the-server': ['packages/node/src/index.ts', "import '../../server/src/server.ts';"],
  'no-tests-in-the-product': [`${src}/identity/cheat/index.ts`, "import '../users/find-user.test.ts';"],
  resolvable: [`${src}/identity/lost/index.ts`, "import './nowhere.ts';"],
};

function cruise(files) {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(fixture, path)), { recursive: true });
    writeFileSync(join(fixture, path), `${text}\n`);
  }
  const program = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const args = [program, '--config', join(root, '.dependency-cruiser.cjs'), '--output-type', 'json', 'packages', 'e2e'];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: fixture, encoding: 'utf8', maxBuffer: 1e8 });
  expect(stderr).toBe('');
  return JSON.parse(stdout).summary.violations.map((violation) => [violation.rule.name, violation.from]);
}

symlinkSync(join(root, 'node_modules'), join(fixture, 'node_modules'));
copyFileSync(join(root, 'tsconfig.json'), join(fixture, 'tsconfig.json'));

test('imports that go down and through doors are accepted', () => {
  expect(cruise(legal)).toEqual([]);
});

test('each planted offence is found by its rule', () => {
  const circle = { [`${src}/identity/circle/other.ts`]: "import './index.ts'; export const b = 1;" };
  const found = cruise({ ...Object.fromEntries(Object.values(planted)), ...circle });
  const expected = Object.entries(planted).map(([rule, [path]]) => [rule, path]);
  expect(expected.filter((pair) => !found.some((other) => other.join() === pair.join()))).toEqual([]);
});
