import type { Clock } from '../../platform/clock/index.ts';
import type { Database } from '../../platform/database/index.ts';
import type { NewId } from '../../platform/ids/index.ts';
import type { Log } from '../../platform/log/index.ts';
import { presentSealed, readSealed } from '../event-feed/index.ts';
import { treeSize } from '../transparency-log/index.ts';
import type { Sink } from './sink.ts';
import { advanceStream, ensureStream, failStream, findStream, leaseStream, releaseStream } from './store.ts';
import { fitting, pauseMs } from './stream-policy.ts';

export interface LogStreamsDeps {
  clock: Clock;
  newId: NewId;
  database: Database;
  log: Log;
  sinks: readonly Sink[];
  /** Quick tries of a batch before its sink counts as down. */
  retryAttempts: number;
  /** Longer than a batch can take: after this time another node takes over. */
  leaseMs: number;
}

export interface LogStreams {
  /** Something was sealed. */
  look(): void;
  /** Sends everything that is due and waits for its end. */
  drain(): Promise<void>;
  start(): void;
  stop(): Promise<void>;
}

const INTERVAL_MS = 1_000;
const BATCH = 200;
const LONGEST_ERROR = 300;

interface Batch {
  events: ReturnType<typeof presentSealed>[];
  /** Where to go on after it. */
  next: number;
}

/** The next batch from a place on; null when there is nothing yet, or it is still being gathered. */
async function nextBatch(deps: LogStreamsDeps, sink: Sink, from: number): Promise<Batch | null> {
  const { events: sealed, next } = await readSealed(deps.database.read, { from, most: BATCH });
  if (next === from) return null;
  const events = sealed.map(presentSealed);
  const sizes = events.map((event, i) => ({
    bytes: Buffer.byteLength(JSON.stringify(event)),
    at: sealed[i]?.created_at ?? 0,
  }));
  const count = fitting(sizes);
  const isFull = next - from === BATCH || count < events.length;
  const oldest = sizes[0]?.at ?? 0;
  if (!isFull && events.length > 0 && deps.clock.now() - oldest < sink.gatherMs) return null;
  const last = sealed[count - 1];
  return { events: events.slice(0, count), next: count < events.length && last ? last.seq + 1 : next };
}

async function noteFailure(
  deps: LogStreamsDeps,
  sink: Sink,
  { lease, failures, error }: { lease: string; failures: number; error: unknown },
): Promise<void> {
  const text = String(error instanceof Error ? error.message : error).slice(0, LONGEST_ERROR);
  const retry_at = deps.clock.now() + pauseMs(failures, deps.retryAttempts);
  await deps.database.write((tx) =>
    failStream.run(tx, { id: sink.name, lease_id: lease, failures, retry_at, last_error: text }),
  );
  const isDown = failures >= deps.retryAttempts;
  deps.log[isDown ? 'error' : 'warn']('audit.stream.failed', { name: sink.name, attempts: failures, reason: text });
}

/** Sends batch after batch while this node holds the lease. */
async function sendAll(
  deps: LogStreamsDeps,
  sink: Sink,
  held: { lease: string; cursor_seq: number; failures: number },
): Promise<void> {
  const { lease, failures } = held;
  const id = sink.name;
  try {
    for (let from = held.cursor_seq; ; ) {
      const batch = await nextBatch(deps, sink, from);
      if (!batch) break;
      if (batch.events.length > 0) await sink.send(batch.events);
      const now = deps.clock.now();
      const moved = { id, lease_id: lease, cursor_seq: batch.next, until: now + deps.leaseMs, now };
      if ((await deps.database.write((tx) => advanceStream.run(tx, moved))) === 0) return;
      from = batch.next;
    }
  } catch (error) {
    return noteFailure(deps, sink, { lease, failures: failures + 1, error });
  }
  await deps.database.write((tx) => releaseStream.run(tx, { id, lease_id: lease }));
}

/** Carries a stream as far as it goes now, unless another node does, or its sink is being left alone for a while. */
async function pump(deps: LogStreamsDeps, sink: Sink): Promise<void> {
  const { read } = deps.database;
  const id = sink.name;
  const [row, size] = [await findStream(read, id), await treeSize(read)];
  const now = deps.clock.now();
  // A new stream begins now: what was before may be more than a sink takes, and can be exported.
  if (!row) await deps.database.write((tx) => ensureStream.run(tx, { id, cursor_seq: size, now }));
  if (!row || row.cursor_seq >= size || row.leased_until > now || row.retry_at > now) return;
  const lease = deps.newId();
  const of = { id, lease_id: lease, now, until: now + deps.leaseMs };
  const held = await deps.database.write((tx) => leaseStream.first(tx, of));
  if (held) await sendAll(deps, sink, { ...held, lease });
}

/** Carries events to each sink on its own: one that fails holds up no other, and goes on from its place when it is back. */
export function createLogStreams(deps: LogStreamsDeps): LogStreams {
  let timer: NodeJS.Timeout | null = null;
  const underWay = new Map<Sink, Promise<void>>();
  const carry = (sink: Sink): Promise<void> => {
    const running =
      underWay.get(sink) ??
      pump(deps, sink)
        .catch((error: unknown) => deps.log.error('audit.stream.failed', { name: sink.name, error }))
        .finally(() => underWay.delete(sink));
    underWay.set(sink, running);
    return running;
  };
  const drain = async () => {
    await Promise.all(deps.sinks.map(carry));
  };
  const look = () => {
    if (timer) void drain();
  };
  return {
    look,
    drain,
    start() {
      if (deps.sinks.length > 0) timer ??= setInterval(look, INTERVAL_MS).unref();
      look();
    },
    async stop() {
      if (timer) clearInterval(timer);
      timer = null;
      await Promise.all(underWay.values());
    },
  };
}
