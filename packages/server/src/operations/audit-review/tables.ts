/** An event that must outlive its retention. Apart from the event itself, which is never changed. */
export interface AuditHoldsTable {
  event_id: string;
  reason: string;
  placed_at: number;
}

declare module '../../platform/database/schema.ts' {
  interface Schema {
    audit_holds: AuditHoldsTable;
  }
}
