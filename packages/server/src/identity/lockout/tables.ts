export interface GuessCountsTable {
  client_id: string;
  /** A user's id, or a keyed hash of an identifier that is nobody's. */
  subject: string;
  authenticator: string;
  /** A network the subject signed in from before; empty for all others together. */
  place: string;
  /** In a row, from everywhere; counted in the row of the empty place only. */
  failures: number;
  window_failures: number;
  /** When the window began; of a full one, when it became full. */
  window_started_at: number;
  updated_at: number;
}

declare module '../../platform/database/schema.ts' {
  interface Schema {
    guess_counts: GuessCountsTable;
  }
}
