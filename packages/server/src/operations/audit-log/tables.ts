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
}

declare module '../../platform/database/schema.ts' {
  interface Schema {
    audit_events: AuditEventsTable;
  }
}
