export interface LogStreamsTable {
  /** The name of the sink. */
  id: string;
  /** The first place of the log that was not yet carried out. */
  cursor_seq: number;
  /** Who holds it until `leased_until`: made anew at each lease. */
  lease_id: string | null;
  leased_until: number;
  /** Failures since the last batch that was taken. */
  failures: number;
  retry_at: number;
  last_error: string | null;
  updated_at: number;
}

declare module '../../platform/database/schema.ts' {
  interface Schema {
    log_streams: LogStreamsTable;
  }
}
