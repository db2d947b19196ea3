import type { Clock } from '../../platform/clock/index.ts';
import type { Database } from '../../platform/database/index.ts';
import { type Announce, type Event, INSTALLATION } from '../../platform/events/index.ts';
import type { NewId } from '../../platform/ids/index.ts';
import type { Vault } from '../../platform/secrets/index.ts';
import { deleteEvents } from '../audit-log/index.ts';
import { openAuditKey, purgeLeaves } from '../transparency-log/index.ts';
import { refusals } from './errors.ts';
import { countExpired, listExpired, lockRetention } from './store.ts';

export interface PurgeDeps {
  clock: Clock;
  newId: NewId;
  database: Database;
  vault: Vault;
  announce: Announce;
}

/** Rows of one tombstone: a transaction that others need not wait long for. */
const BATCH = 2_000;
/** There is no telling how long a whole log takes to go through. */
const PATIENT = { isPatient: true };

export interface PurgeOutcome {
  /** Events whose retention is over and that nobody holds. */
  expired: number;
  /** Events that stay only because they are held. */
  held: number;
  purgeIds: string[];
}

/**
 * Removes the events whose retention is over, except held ones, and leaves signed tombstones with which the log still verifies. A dry run
 * only counts. Throws audit_event_changed when one of them is not what was sealed; what was removed before it stays removed.
 */
export async function purgeEvents(
  deps: PurgeDeps,
  input: { dryRun: boolean; actor: NonNullable<Event['actor']>; request: Event['request'] },
): Promise<PurgeOutcome> {
  const { database, announce, clock } = deps;
  const now = clock.now();
  const counted = await database.write((tx) => countExpired(tx, now), PATIENT);
  if (input.dryRun) return { ...counted, purgeIds: [] };
  const key = await openAuditKey(database.read, deps.vault);
  const outcome: PurgeOutcome = { expired: 0, held: counted.held, purgeIds: [] };
  for (;;) {
    const id = deps.newId();
    const count = await database.write(async (tx) => {
      await lockRetention(tx);
      const eventIds = await listExpired(tx, now, BATCH);
      if (eventIds.length === 0) return 0;
      if (!(await purgeLeaves(tx, { id, eventIds, purgedAt: now }, key))) return null;
      await deleteEvents(tx, eventIds);
      await announce(tx, {
        name: 'audit_purged',
        clientId: INSTALLATION,
        actor: input.actor,
        target: { type: 'audit_purge', id },
        metadata: { purged: eventIds.length },
        request: input.request,
      });
      return eventIds.length;
    }, PATIENT);
    if (count === null) throw refusals.audit_event_changed();
    if (count === 0) return outcome;
    outcome.expired += count;
    outcome.purgeIds.push(id);
  }
}
