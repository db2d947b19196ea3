// Installs what a command needs and nothing when it is there already: `start` gets the product's dependencies, every
// other command the developer's too. A stamp inside node_modules says what was installed, from which lockfile.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { npmCommand } from './npm.mjs';

const stampPath = (root) => join(root, 'node_modules', '.gatehouse-install');

/** True when node_modules already holds what `mode` ('start' or 'all') needs. */
export function isInstalled(root, mode) {
  const stamp = readOrEmpty(stampPath(root));
  return stamp === stampOf(root, 'all') || (mode === 'start' && stamp === stampOf(root, 'start'));
}

/** Brings node_modules up to date for `mode`; throws with npm's output when that fails. */
export async function ensureInstalled(root, mode, node) {
  if (isInstalled(root, mode)) return;
  const release = await lock(root);
  try {
    if (!isInstalled(root, mode)) install(root, mode, node);
  } finally {
    release();
  }
}

function install(root, mode, node) {
  process.stderr.write('Installing what is missing…\n');
  const [command, ...args] = npmCommand(node);
  // Said explicitly, because NODE_ENV=production would drop what the checks need.
  const scope = mode === 'start' ? '--omit=dev' : '--include=dev';
  const result = spawnSync(command, [...args, 'ci', scope, '--no-audit', '--no-fund'], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}` },
  });
  if (result.status !== 0) {
    throw new Error(`The installation failed:\n${result.stdout ?? ''}${result.stderr ?? result.error ?? ''}`);
  }
  writeFileSync(stampPath(root), stampOf(root, mode));
}

function stampOf(root, mode) {
  const lockfile = readFileSync(join(root, 'package-lock.json'));
  return `${mode} ${createHash('sha256').update(lockfile).digest('hex')}\n`;
}

function readOrEmpty(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

// Two commands that are started together must not both empty node_modules: the second one waits.
async function lock(root) {
  const path = join(root, '.cache', 'install.lock');
  mkdirSync(dirname(path), { recursive: true });
  while (!tryLock(path)) await setTimeout(200);
  return () => rmSync(path, { force: true });
}

function tryLock(path) {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  const holder = Number(readOrEmpty(path));
  if (holder > 0 && !isAlive(holder)) rmSync(path, { force: true });
  return false;
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
