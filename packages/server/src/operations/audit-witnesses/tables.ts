export interface AuditWitnessesTable {
  /** As the configuration names it. */
  name: string;
  /** The size of the log at the newest checkpoint it has kept. */
  tree_size: number;
  sent_at: number | null;
  /** Until when one node is at it. */
  leased_until: number;
  last_error: string | null;
}

declare module '../../platform/database/schema.ts' {
  interface Schema {
    audit_witnesses: AuditWitnessesTable;
  }
}
