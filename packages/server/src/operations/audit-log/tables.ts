export interface AuditEventsTable {
  id: string;
  client_id: string;
  user_id: string | null;
  event_type: string;
  actor_type: string;
  actor_id: string | null;
  target_type: string;
  target_id: string | null;
  request_id: string;
  ip: string;
  user_agent: string;
  /** JSON; holds nothing secret. */
  metadata: string;
  created_at: number;
  /** Until when the event is kept at least, milliseconds since the epoch. */
  retention_until: number;
}

/** Events that are committed and wait for their place in the transparency log. */
export interface AuditUnsealedTable {
  event_id: string;
}

declare module '../../platform/database/schema.ts' {
  interface Schema {
    audit_events: AuditEventsTable;
    audit_unsealed: AuditUnsealedTable;
  }
}
