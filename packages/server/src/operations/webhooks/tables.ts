export interface WebhookEndpointsTable {
  id: string;
  client_id: string;
  /** `client`: the client's own `webhook_url`, which is signed with the secret of the configuration. */
  source: 'endpoint' | 'client';
  url: string;
  /** JSON: names of events and beginnings of names; empty is every event. */
  events: string;
  status: 'active' | 'disabled';
  secret_sealed: string | null;
  previous_sealed: string | null;
  previous_until: number | null;
  /** The first place of the log that concerns this endpoint. */
  start_seq: number;
  /** Attempts that failed since the last one that did not. */
  failures: number;
  /** Before this time there is nothing to do for the endpoint; null when nothing waits. */
  work_at: number | null;
  /** The receiver asked to be left alone until then. */
  quiet_until: number;
  /** How far a replay has come, where it ends, and the earliest time of the events it is about. */
  replay_seq: number | null;
  replay_end: number | null;
  replay_since: number | null;
  created_at: number;
  updated_at: number;
}

export interface WebhookDeliveriesTable {
  id: string;
  client_id: string;
  endpoint_id: string;
  event_id: string;
  event_type: string;
  seq: number;
  status: 'pending' | 'delivered' | 'dead';
  attempts: number;
  next_attempt_at: number;
  leased_until: number;
  /** After this time a failure is final. */
  give_up_at: number;
  last_status: number | null;
  last_error: string | null;
  last_duration_ms: number | null;
  settled_at: number | null;
  created_at: number;
}

/** One row: the first place of the log that was not yet turned into deliveries. */
export interface WebhookCursorTable {
  id: 'events';
  seq: number;
}

declare module '../../platform/database/schema.ts' {
  interface Schema {
    webhook_endpoints: WebhookEndpointsTable;
    webhook_deliveries: WebhookDeliveriesTable;
    webhook_cursor: WebhookCursorTable;
  }
}
