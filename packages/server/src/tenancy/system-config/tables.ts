export interface SystemConfigTable {
  /** `group.name` of a setting; the empty name is the row that counts revisions. */
  name: string;
  /** JSON; null when an administrator gave the setting back to the environment. */
  value: string | null;
  revision: number;
  updated_at: number;
  updated_by: string;
}

declare module '../../platform/database/schema.ts' {
  interface Schema {
    system_config: SystemConfigTable;
  }
}
