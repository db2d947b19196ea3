import type { Snapshot } from './storage.ts';

const marginMs = 300_000;
const shortLifetimeMs = 600_000;
const maxBackoffMs = 60_000;

/** When a token should be replaced: five minutes before it expires, a short-lived one after half its lifetime. */
export function refreshDueAt({ receivedAt, expiresAt }: Pick<Snapshot, 'receivedAt' | 'expiresAt'>): number {
  const lifetimeMs = expiresAt - receivedAt;
  return lifetimeMs < shortLifetimeMs ? receivedAt + lifetimeMs / 2 : expiresAt - marginMs;
}

/** Whether a snapshot can be used as it is: complete and not due for a refresh. */
export function isUsable(snapshot: Snapshot | null, now: number): snapshot is Snapshot {
  return snapshot?.me != null && now < refreshDueAt(snapshot);
}

/**
 * How long to wait after the n-th failure in a row. The first retry comes within a second, because an answer that got
 * lost on its way can be had again only while the server remembers the replaced token (10 seconds).
 */
export function retryDelayMs(failures: number, random: number): number {
  return Math.min(1_000 * 2 ** (failures - 1), maxBackoffMs) * (0.5 + random / 2);
}
