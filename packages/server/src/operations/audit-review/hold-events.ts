import type { Clock } from '../../platform/clock/index.ts';
import type { Database } from '../../platform/database/index.ts';
import { type Announce, type Event, INSTALLATION } from '../../platform/events/index.ts';
import { refusals } from './errors.ts';
import { existingEvents, lockRetention, setHolds } from './store.ts';

export interface HoldEvents {
  eventIds: readonly string[];
  hold: boolean;
  reason: string;
  /** The only client whose events may be touched; null for all. */
  within: string | null;
  actor: NonNullable<Event['actor']>;
  request: Event['request'];
}

/** Places or releases the legal hold of all these events, or of none. Throws audit_event_not_found. Returns how many changed. */
export async function holdEvents(
  deps: { clock: Clock; database: Database; announce: Announce },
  input: HoldEvents,
): Promise<number> {
  const { eventIds, hold, reason, within, actor, request } = input;
  const changed = await deps.database.write(async (tx) => {
    await lockRetention(tx);
    const existing = await existingEvents(tx, eventIds, within);
    if (eventIds.some((id) => !existing.has(id))) return null;
    const count = await setHolds(tx, [...existing], hold ? { reason, placedAt: deps.clock.now() } : null);
    await deps.announce(tx, {
      name: hold ? 'audit_hold_placed' : 'audit_hold_released',
      clientId: within ?? INSTALLATION,
      actor,
      target: { type: 'audit_log', id: 'events' },
      metadata: { event_ids: [...existing], reason, changed: count },
      request,
    });
    return count;
  });
  if (changed === null) throw refusals.audit_event_not_found();
  return changed;
}
