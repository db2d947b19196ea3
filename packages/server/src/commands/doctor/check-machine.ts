import { type Finding, messageOf, timed } from './finding.ts';

/** The releases that are tested: long-term support and the one before the next. */
const TESTED = new Set([22, 24, 26]);
const SLOW_MS = 500;
/** The cost that passwords are hashed with: 19 MiB, two passes, one lane (OWASP). */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Whether this Node is one that Gatehouse is tested on. */
export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const check = 'node';
  const message = `Node.js ${version}`;
  if (major < 22 || (major === 22 && minor < 18)) {
    return { check, status: 'problem', message, fix: 'Install Node.js 24; 22.18 is the oldest that works.' };
  }
  if (TESTED.has(major)) return { check, status: 'ok', message };
  return { check, status: 'warn', message, fix: 'Gatehouse is tested on Node.js 22, 24 and 26; prefer one of them.' };
}

/** Whether passwords can be hashed with argon2id on this machine, and how long one takes. */
export async function checkHashing(): Promise<Finding> {
  const check = 'hashing';
  try {
    const { hash, verify } = await import('@node-rs/argon2');
    const { value, durationMs } = await timed(() => hash('a password', COST));
    const isRight = await verify(value, 'a password');
    const isWrong = await verify(value, 'another password');
    if (!isRight || isWrong || !value.startsWith('$argon2id$')) throw new Error('argon2id gives wrong answers');
    const message = `argon2id takes ${durationMs} ms`;
    if (durationMs < SLOW_MS) return { check, status: 'ok', message };
    return { check, status: 'warn', message, fix: 'This machine is slow or busy: sign-ins with passwords will wait.' };
  } catch (error) {
    const fix = 'Install the packages again on this machine (npm ci): @node-rs/argon2 is made for each platform.';
    return { check, status: 'problem', message: messageOf(error), fix };
  }
}
