import type { Requests } from './load.ts';
import type { World } from './world.ts';

/** What the machine itself can do, measured beside the server: the files of bench/limits, and the echo of the same bytes. */
export type LimitName = 'http' | 'signature' | 'verification' | 'password-hash' | 'write' | 'read';

/** One row of the table: a file in bench/operations that exports it as `operation`. */
export interface Operation {
  /** As people read it. */
  name: string;
  /** What one operation cannot do without, and how often: its limit is the sum of their times. */
  limit: Partial<Record<LimitName, number>>;
  /** The least share of the limit that is aimed at. */
  target?: number;
  /** Fewer requests at once than others, where the server refuses a crowd. */
  connections?: number;
  /** Prepares requests on a filled installation for this many connections. */
  prepare(world: World, connections: number): Promise<Requests>;
}
