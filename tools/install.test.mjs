import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ensureInstalled, isInstalled } from './install.mjs';

let root;
const environment = { ...process.env };

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'gatehouse-install-'));
  writeFileSync(join(root, 'package-lock.json'), '{"lockfileVersion":3}');
  fakeNpm(
    'mkdirSync("node_modules", { recursive: true }); appendFileSync("calls.log", process.argv.slice(2).join(" ") + "\\n");',
  );
});

afterEach(() => {
  process.env = { ...environment };
  rmSync(root, { recursive: true });
});

function fakeNpm(code) {
  const script = join(root, 'npm-cli.js');
  writeFileSync(script, `const { appendFileSync, mkdirSync } = require('node:fs'); ${code}`);
  process.env.npm_execpath = script;
}

const install = (mode) => ensureInstalled(root, mode, process.execPath);

test('a fresh clone has nothing installed, and a command installs what it needs', async () => {
  expect(isInstalled(root, 'start')).toBe(false);
  await install('start');
  expect([isInstalled(root, 'start'), isInstalled(root, 'all')]).toEqual([true, false]);
});

test('a complete installation also serves start', async () => {
  await install('all');
  expect([isInstalled(root, 'start'), isInstalled(root, 'all')]).toEqual([true, true]);
});

test('a changed lockfile makes the installation stale', async () => {
  await install('all');
  writeFileSync(join(root, 'package-lock.json'), '{"lockfileVersion":3,"changed":true}');
  expect(isInstalled(root, 'start')).toBe(false);
});

test('two commands at once install one after the other, and only once', async () => {
  await Promise.all([install('all'), install('all')]);
  const log = spawnSync('cat', [join(root, 'calls.log')], { encoding: 'utf8' }).stdout;
  expect(log).toBe('ci --include=dev --no-audit --no-fund\n');
});

test('a lock left by a dead process is taken over', async () => {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  mkdirSync(join(root, '.cache'));
  writeFileSync(join(root, '.cache/install.lock'), String(pid));
  await install('start');
  expect(isInstalled(root, 'start')).toBe(true);
});

test('a failed installation shows what npm said and is not taken for done', async () => {
  fakeNpm('console.error("the registry is down"); process.exit(7);');
  await expect(install('all')).rejects.toThrow('the registry is down');
  expect(isInstalled(root, 'all')).toBe(false);
});
