const SECOND = 1000;
const LONGEST_MS = 5 * 60 * SECOND;
const MOST_BYTES = 900_000;
const MOST_SPAN_MS = 23 * 3_600_000;

/**
 * Milliseconds until a batch is tried again. The first `attempts` tries follow each other quickly; after that the sink counts as down and
 * is asked ever more rarely, at least every five minutes. It is never given up.
 */
export function pauseMs(failures: number, attempts: number): number {
  if (failures < attempts) return SECOND * 2 ** (failures - 1);
  return Math.min(30 * SECOND * 2 ** Math.min(failures - attempts, 10), LONGEST_MS);
}

/** How many of the events fit into one request: every sink takes a megabyte, CloudWatch no more than a day at once. */
export function fitting(events: readonly { bytes: number; at: number }[]): number {
  let bytes = 0;
  const earliest = events[0]?.at ?? 0;
  for (const [count, event] of events.entries()) {
    bytes += event.bytes;
    const isTooMuch = bytes > MOST_BYTES || Math.abs(event.at - earliest) > MOST_SPAN_MS;
    // A single event is tried whatever its size: nothing else could come of it.
    if (isTooMuch && count > 0) return count;
  }
  return events.length;
}
