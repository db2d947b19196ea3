import type { AuditEventsTable } from '../audit-log/index.ts';

/** An event as it enters the tree: exactly the columns that may never change. */
export type SealedEvent = AuditEventsTable;

const MEMBERS: readonly (keyof AuditEventsTable)[] = [
  'actor_id',
  'actor_type',
  'client_id',
  'created_at',
  'event_type',
  'id',
  'ip',
  'metadata',
  'request_id',
  'retention_until',
  'target_id',
  'target_type',
  'user_agent',
  'user_id',
];

/**
 * The one text an event is hashed as: its members in alphabetical order as JSON without white space (RFC 8785 for strings and
 * integers, which is all there is). `metadata` enters as the text that is stored.
 */
export function canonicalEvent(event: SealedEvent): string {
  return JSON.stringify(Object.fromEntries(MEMBERS.map((member) => [member, event[member]])));
}
