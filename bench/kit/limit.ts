/** Where a limit is measured. */
export interface LimitPlace {
  /** The database of the server that is measured, for limits that concern it. */
  databaseUrl: string;
  /** A folder on the disk of a SQLite database. */
  folder: string;
  /** How many requests are under way at once, and so how many writes can share a commit. */
  atOnce: number;
}

/** Something the machine can do, done with nothing around it: a file in bench/limits that exports it as `limit`. */
export interface Limit {
  /** What is done, as people read it. */
  name: string;
  open(place: LimitPlace): Promise<OpenLimit>;
}

export interface OpenLimit {
  /** How often a second it can be done. */
  measure(seconds: number): Promise<number>;
  close(): Promise<void>;
}

/** Does `work` over and over for a while and says how often a second; `work` says how many it did. */
export async function perSecond(seconds: number, work: () => number | Promise<number>): Promise<number> {
  const from = performance.now();
  const endsAt = from + seconds * 1000;
  let done = 0;
  while (performance.now() < endsAt) {
    const count = work();
    done += typeof count === 'number' ? count : await count;
  }
  return (done * 1000) / (performance.now() - from);
}
