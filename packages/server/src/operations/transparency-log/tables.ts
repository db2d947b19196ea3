export interface AuditLeavesTable {
  /** The event's place in the log, from 0. */
  seq: number;
  event_id: string;
  /** Base64url of the leaf hash; stays when the event itself is purged. */
  leaf_hash: string;
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
    audit_nodes: AuditNodesTable;
    audit_checkpoints: AuditCheckpointsTable;
    audit_keys: AuditKeysTable;
  }
}
