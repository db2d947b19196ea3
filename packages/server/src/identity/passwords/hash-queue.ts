import { availableParallelism } from 'node:os';
import { requireAllowed } from '../../platform/rate-limit/index.ts';
import type { Vault } from '../../platform/secrets/index.ts';
import { normalisePassword } from './password-policy.ts';

/** Makes and checks hashes, a few at a time. Both throw rate_limited when too many wait already. */
export interface PasswordHasher {
  /** The hash of a password, sealed, ready to be stored. */
  hash(password: string): Promise<string>;
  /** Whether `password` is the one behind `stored`; for null it works as long, and the answer is no (D10). */
  verify(stored: string | null, password: string): Promise<{ right: boolean; outdated: boolean }>;
}

/** OWASP's second choice of parameters: 19 MiB, two passes. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const PARAMETERS = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$/;

/** A hash of these parameters that no password has: the work for addresses nobody owns. */
const NOBODY = '$argon2id$v=19$m=19456,t=2,p=1$dqaUWgSOvgkgzWsZ4EoCFg$zDubhuY9256dO/qPuH7FnT2kM9Wor5U0N023U5XVwiQ';

const PURPOSE = 'password';
/** A second or so of work; whoever comes then is told to come back. */
const WAITING_PER_SLOT = 64;
const RETRY_AFTER_SECONDS = 2;

/** Whether a hash was made with less work than is asked for now (N-08). */
export function isOutdated(hash: string): boolean {
  const [, memory = '0', time = '0'] = PARAMETERS.exec(hash) ?? [];
  return Number(memory) < COST.memoryCost || Number(time) < COST.timeCost;
}

/** Runs at most `atOnce` tasks, keeps at most `mostWaiting` others in line, and refuses the rest. */
export function createQueue(atOnce: number, mostWaiting: number): <T>(task: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (task) => {
    if (running >= atOnce) {
      if (waiting.length >= mostWaiting) requireAllowed({ allowed: false, retryAfterSeconds: RETRY_AFTER_SECONDS });
      // Whoever finishes hands its place over, so that nobody who comes later takes it.
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else {
      running++;
    }
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}

/** The hasher of this process. One core is left to everything else. */
export function createPasswordHasher({ vault }: { vault: Vault }): PasswordHasher {
  const atOnce = Math.max(1, availableParallelism() - 1);
  const inTurn = createQueue(atOnce, atOnce * WAITING_PER_SLOT);
  return {
    hash: (password) =>
      inTurn(async () => {
        const { hash } = await import('@node-rs/argon2');
        return vault.seal(PURPOSE, await hash(normalisePassword(password), COST));
      }),
    verify: (stored, password) =>
      inTurn(async () => {
        const { verify } = await import('@node-rs/argon2');
        const hash = stored === null ? NOBODY : vault.open(PURPOSE, stored);
        const right = (await verify(hash, normalisePassword(password))) && stored !== null;
        return { right, outdated: isOutdated(hash) };
      }),
  };
}
