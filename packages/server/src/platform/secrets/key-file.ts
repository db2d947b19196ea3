import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { randomSecret } from './random.ts';

/** The key file is missing, unreadable, or readable by others. */
export class KeyFileProblem extends Error {
  override name = 'KeyFileProblem';
}

const OTHERS = 0o077;
const SHORTEST = 32;

/** Reads the master secret from a key file. Throws KeyFileProblem, also when anybody but the owner may read it. */
export function readKeyFile(path: string): string {
  if (!existsSync(path)) throw new KeyFileProblem(`the key file ${path} is missing`);
  if (process.platform !== 'win32' && (statSync(path).mode & OTHERS) !== 0) {
    throw new KeyFileProblem(`the key file ${path} may be read by others; run: chmod 600 ${path}`);
  }
  const secret = readFileSync(path, 'utf8').trim();
  if (secret.length < SHORTEST) throw new KeyFileProblem(`the key file ${path} holds no key`);
  return secret;
}

/** Makes a key file that only its owner reads, unless there is one; two processes that start at once end up with the same key. */
export function ensureKeyFile(path: string): void {
  try {
    writeFileSync(path, `${randomSecret()}\n`, { mode: 0o600, flag: 'wx', flush: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
