import { newestEventAt } from '../../operations/audit-log/index.ts';
import { systemClock } from '../../platform/clock/index.ts';
import { clockOfDatabase, type Database } from '../../platform/database/index.ts';
import { listSigningKeys } from '../../tenancy/signing-keys/index.ts';
import type { Finding } from './finding.ts';

const TOLERATED_MS = 5_000;
const check = 'clock';
const fix = 'Set the clock of this machine, and keep it right with a time service: tokens and codes depend on it.';

/** Whether this machine's clock agrees with the database's, and does not stand before what was already written. */
export async function checkClock(database: Database): Promise<Finding> {
  const theirs = await clockOfDatabase(database);
  const now = systemClock.now();
  const apartMs = theirs === null ? 0 : Math.abs(theirs - now);
  if (apartMs > TOLERATED_MS) {
    const message = `this machine and the database are ${Math.round(apartMs / 1000)} s apart`;
    return { check, status: 'problem', message, fix };
  }
  const written = (await listSigningKeys(database)).map((key) => key.createdAt);
  const newest = Math.max(...written, (await newestEventAt(database.read)) ?? 0);
  if (newest > now + TOLERATED_MS) {
    const message = `it is ${new Date(now).toISOString()}, before the newest row of ${new Date(newest).toISOString()}`;
    return { check, status: 'problem', message, fix };
  }
  return { check, status: 'ok', message: new Date(now).toISOString() };
}
