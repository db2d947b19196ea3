/** At most `most` within `windowSeconds`. */
export interface Limit {
  name: string;
  most: number;
  windowSeconds: number;
}

export type LimitVerdict = { allowed: true } | { allowed: false; retryAfterSeconds: number };
