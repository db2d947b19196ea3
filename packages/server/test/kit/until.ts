import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 2;

/** Resolves when something holds; rejects as soon as `failed` does, for without it nothing may ever come to hold. */
export async function until(holds: () => boolean, failed?: Promise<unknown>): Promise<void> {
  const failures: unknown[] = [];
  failed?.catch((reason) => failures.push(reason));
  while (!holds()) {
    if (failures.length > 0) throw failures[0];
    await delay(POLL_MS);
  }
}
