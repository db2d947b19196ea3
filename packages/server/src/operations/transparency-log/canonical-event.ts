import type { AuditEventsTable } from '../audit-log/index.ts';

/** An event as it enters the tree: exactly the columns that may never change. */
export type SealedEvent = AuditEventsTable;

/**
 * The one text an event is hashed as: its members in alphabetical order as JSON without white space (RFC 8785 for strings and
 * integers, which is all there is). `metadata` enters as the text that is stored.
 */
export function canonicalEvent(event: SealedEvent): string {
  return JSON.stringify({
    actor_id: event.actor_id,
    actor_type: event.actor_type,
    client_id: event.client_id,
    created_at: event.created_at,
    event_type: event.event_type,
    id: event.id,
    ip: event.ip,
    metadata: event.metadata,
    request_id: event.request_id,
    retention_until: event.retention_until,
    target_id: event.target_id,
    target_type: event.target_type,
    user_agent: event.user_agent,
    user_id: event.user_id,
  });
}
