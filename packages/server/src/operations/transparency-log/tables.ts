export interface AuditLeavesTable {
  /** The event's place in the log, from 0. */
  seq: number;
  event_id: string;
  /** Base64url of the leaf hash; stays when the event itself is purged. */
  leaf_hash: string;
  /** Of the event, so that a search need not slow the writers down with indexes of their own table. */
  client_id: string;
  user_id: string | null;
  /** The purge that removed the event; null while it is there. */
  purge_id: string | null;
}

/** One purge: which events it removed follows from `audit_leaves.purge_id`. */
export interface AuditPurgesTable {
  id: string;
  /** The signed tombstone. */
  note: string;
  purged: number;
  purged_at: number;
}

export interface AuditNodesTable {
  level: number;
  position: number;
  hash: string;
}

export interface AuditCheckpointsTable {
  tree_size: number;
  note: string;
  created_at: number;
}

export interface AuditKeysTable {
  kid: string;
  /** `name+id+key`, as verifiers read it. */
  verifier_key: string;
  private_sealed: string;
  created_at: number;
}

declare module '../../platform/database/schema.ts' {
  interface Schema {
    audit_leaves: AuditLeavesTable;
    audit_purges: AuditPurgesTable;
    audit_nodes: AuditNodesTable;
    audit_checkpoints: AuditCheckpointsTable;
    audit_keys: AuditKeysTable;
  }
}
