import { refusals } from './errors.ts';
import type { LimitVerdict } from './limit.ts';

/** Throws rate_limited, with Retry-After, unless the verdict allows. */
export function requireAllowed(verdict: LimitVerdict): void {
  if (verdict.allowed) return;
  throw refusals.rate_limited({ headers: { 'retry-after': String(verdict.retryAfterSeconds) } });
}
