/**
 * Housekeeping: rows that can no longer matter are forgotten, a little at a time. Nothing depends on it happening on time: every
 * reader checks expiry itself.
 */
import { forgetExpired as forgetCodes } from '../../identity/email-codes/index.ts';
import { forgetStale as forgetGuesses } from '../../identity/lockout/index.ts';
import { forgetExpired as forgetChallenges } from '../../identity/passkeys/index.ts';
import { forgetExpired as forgetSessions } from '../../identity/sessions/index.ts';
import type { Clock } from '../../platform/clock/index.ts';
import type { Database, Tx } from '../../platform/database/index.ts';
import type { Log } from '../../platform/log/index.ts';
import { forgetEnded } from '../../platform/rate-limit/index.ts';
import { forgetExpired as forgetAdminSignIns } from '../admin-sign-in/index.ts';
import { forgetSettled } from '../webhooks/index.ts';

const INTERVAL_MS = 10 * 60_000;
const DAY_MS = 86_400_000;

export interface Housekeeping {
  start(): void;
  stop(): void;
  /** One round, now. */
  sweep(): Promise<void>;
}

export function createHousekeeping({
  clock,
  database,
  log,
}: {
  clock: Clock;
  database: Database;
  log: Log;
}): Housekeeping {
  let timer: NodeJS.Timeout | null = null;
  const sweep = async () => {
    const now = clock.now();
    const forget = async (tx: Tx) => {
      await forgetChallenges(tx, now);
      await forgetEnded(tx, now);
      await forgetGuesses(tx, now);
      await forgetAdminSignIns(tx, now - 30 * DAY_MS);
      // Ended sessions stay a month for whoever asks what happened.
      await forgetSessions(tx, now - 30 * DAY_MS);
      await forgetCodes(tx, now - DAY_MS);
      await forgetSettled(tx, now - 30 * DAY_MS);
    };
    await database.write(forget, { isPatient: true });
  };
  const round = () => {
    sweep().catch((error: unknown) => log.warn('housekeeping.failed', { error }));
  };
  return {
    sweep,
    start: () => {
      timer ??= setInterval(round, INTERVAL_MS).unref();
    },
    stop: () => {
      if (timer) clearInterval(timer);
      timer = null;
    },
  };
}
