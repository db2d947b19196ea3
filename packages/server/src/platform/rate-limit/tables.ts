export interface RateLimitsTable {
  key: string;
  window_ends_at: number;
  uses: number;
}

declare module '../database/schema.ts' {
  interface Schema {
    rate_limits: RateLimitsTable;
  }
}
