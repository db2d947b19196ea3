import type { WebhookEndpointsTable } from './tables.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const PAUSES_MS = [5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR];

/** The event that says a delivery was given up. */
export const DEAD_EVENT = 'webhook_delivery_dead';

/** After so many failures in a row an endpoint counts as down: one attempt at a time finds out when it is back. */
const DOWN_AFTER = 3;

export function isDown(failures: number): boolean {
  return failures >= DOWN_AFTER;
}

/** How many deliveries may be on their way to an endpoint at once. */
export function windowOf(failures: number, concurrency: number): number {
  return isDown(failures) ? 1 : concurrency;
}

/** Milliseconds until the attempt after `attempts` failed ones, spread by a tenth (`random` in [0, 1)). */
export function pauseMs(attempts: number, random: number): number {
  const pause = PAUSES_MS[Math.min(attempts, PAUSES_MS.length) - 1] ?? SECOND;
  return Math.round(pause * (0.9 + random * 0.2));
}

/** How long an endpoint is left alone that asked for `askedMs`: an hour at most. */
export function quietMs(askedMs: number | null): number {
  return Math.min(askedMs ?? 0, HOUR);
}

/** Whether work on an endpoint was held up for so long (the client was switched off, or the server) that what waits may be too old to send. */
export function isLate(workAt: number | null, now: number): boolean {
  return workAt !== null && now - workAt >= 2 * HOUR;
}

/** What becomes of a delivery after a failed attempt: given up, or tried again at a time. */
export function afterFailure(
  delivery: { attempts: number; give_up_at: number },
  at: { now: number; pauseMs: number; mostAttempts: number },
): { dead: true } | { dead: false; nextAt: number } {
  if (at.now >= delivery.give_up_at || delivery.attempts >= at.mostAttempts) return { dead: true };
  // The last attempt comes at the very end, whatever the pauses add up to.
  return { dead: false, nextAt: Math.min(at.now + at.pauseMs, delivery.give_up_at) };
}

function matches(filter: string, name: string): boolean {
  return filter.endsWith('*') ? name.startsWith(filter.slice(0, -1)) : filter === name;
}

/**
 * Whether an endpoint is told about an event. What concerns the endpoint itself is never sent to it: a failed delivery would
 * be announced by a delivery.
 */
export function wantsEvent(
  endpoint: Pick<WebhookEndpointsTable, 'id' | 'client_id' | 'events'>,
  event: { client_id: string; event_type: string; target_type: string; target_id: string | null },
): boolean {
  if (event.client_id !== endpoint.client_id) return false;
  if (event.target_type === 'webhook_endpoint' && event.target_id === endpoint.id) return false;
  const filters = JSON.parse(endpoint.events) as string[];
  return filters.length === 0 || filters.some((filter) => matches(filter, event.event_type));
}
