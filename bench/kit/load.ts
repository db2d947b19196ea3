import type { Connection } from './connection.ts';

/** A stream of requests that an operation prepared. */
export interface Requests {
  /** The next request of a connection; null when nothing prepared is left. */
  next(connection: number): Buffer | null;
  /** Told what a connection was answered, when the next request depends on it. */
  answered?(connection: number, body: Buffer): void;
  /** Prepares this many requests at least; called before each slice. */
  stock?(count: number): Promise<void>;
}

/** What came of asking for a while. */
export interface Slice {
  answers: number;
  seconds: number;
  /** Of every answer, in milliseconds. */
  latencies: number[];
}

interface Run extends Slice {
  endsAt: number;
}

/** Asks on one connection until time or requests are over. */
function drive(connection: Connection, index: number, { run, requests }: { run: Run; requests: Requests }) {
  return new Promise<void>((resolve, reject) => {
    const again = () => {
      const from = performance.now();
      const request = from < run.endsAt ? requests.next(index) : null;
      if (!request) return resolve();
      connection.ask(request, ({ status, body }) => {
        if (status !== 200)
          return reject(new Error(`${request.toString()}\nwas answered ${status}: ${body.toString()}`));
        run.latencies.push(performance.now() - from);
        run.answers++;
        requests.answered?.(index, body);
        again();
      });
    };
    again();
  });
}

/** Keeps every connection busy with one request after another for a while. Throws when one is not answered 200. */
export async function load(connections: readonly Connection[], requests: Requests, seconds: number): Promise<Slice> {
  const from = performance.now();
  const run: Run = { answers: 0, seconds: 0, latencies: [], endsAt: from + seconds * 1000 };
  await Promise.all(connections.map((connection, index) => drive(connection, index, { run, requests })));
  return { answers: run.answers, seconds: (performance.now() - from) / 1000, latencies: run.latencies };
}

/** The value below which this share of values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
