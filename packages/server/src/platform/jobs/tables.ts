export interface JobsTable {
  id: string;
  kind: string;
  /** Sealed JSON: a payload may hold a code on its way to a mailbox. */
  payload_sealed: string;
  run_at: number;
  leased_until: number;
  attempts: number;
  failed_at: number | null;
  last_error: string | null;
  created_at: number;
}

declare module '../database/schema.ts' {
  interface Schema {
    jobs: JobsTable;
  }
}
