/**
 * The audit log: one row for every act of authentication and administration, written in the transaction of the act.
 * Append-only. What a row says is for people who must be able to believe it, so it holds nothing secret and is never changed.
 */
import type { Clock } from '../../platform/clock/index.ts';
import type { Event, EventListener } from '../../platform/events/index.ts';
import type { NewId } from '../../platform/ids/index.ts';
import { insertEvents } from './store.ts';
import type { AuditEventsTable } from './tables.ts';

export { parseEvent, presentEvent } from './present-event.ts';
export {
  countUnsealed,
  deleteEvents,
  findEvents,
  firstEventSince,
  hasUnsealed,
  listUnsealedOfUser,
  newestEventAt,
  takeUnsealed,
} from './store.ts';
export type { AuditEventsTable } from './tables.ts';

export interface AuditLogDeps {
  clock: Clock;
  newId: NewId;
  /** How long an event is kept at least; read for each. */
  readonly retentionMs: number;
}

function rowOf(deps: AuditLogDeps, event: Event): AuditEventsTable {
  const userId = event.userId ?? null;
  const now = deps.clock.now();
  return {
    id: deps.newId(),
    client_id: event.clientId,
    user_id: userId,
    event_type: event.name,
    actor_type: event.actor?.type ?? (userId === null ? 'anonymous' : 'user'),
    actor_id: event.actor ? event.actor.id : userId,
    target_type: event.target?.type ?? 'user',
    target_id: event.target?.id ?? userId,
    request_id: event.request.requestId,
    ip: event.request.ip,
    user_agent: event.request.userAgent,
    metadata: JSON.stringify(event.metadata ?? {}),
    created_at: now,
    retention_until: now + deps.retentionMs,
  };
}

/** Listens to every event and writes it down. */
export function createAuditLog(deps: AuditLogDeps): EventListener {
  return async (tx, events) =>
    insertEvents(
      tx,
      events.map((event) => rowOf(deps, event)),
    );
}
