import type { Clock } from '../../platform/clock/index.ts';
import type { Database } from '../../platform/database/index.ts';
import type { Log } from '../../platform/log/index.ts';
import { findNewestCheckpoint, proveConsistency } from '../transparency-log/index.ts';
import { ensureWitness, findWitness, leaseWitness, noteFailed, noteKept } from './store.ts';
import { openWitness, type S3Access, type Witness } from './witness.ts';

export interface WitnessingDeps {
  clock: Clock;
  database: Database;
  log: Log;
  /** As the configuration names them. */
  places: readonly string[];
  /** For those that are buckets. */
  s3: Omit<S3Access, 'clock'>;
  intervalMs: number;
}

export interface Witnessing {
  /** Sends every witness the newest checkpoint it lacks, now. */
  round(): Promise<void>;
  start(): void;
  stop(): Promise<void>;
}

/** Longer than any witness may take. */
const LEASE_MS = 60_000;
const LONGEST_ERROR = 300;

async function noteProblem(
  { clock, database, intervalMs }: WitnessingDeps,
  name: string,
  problem: unknown,
): Promise<void> {
  const error = String(problem instanceof Error ? problem.message : problem).slice(0, LONGEST_ERROR);
  const until = clock.now() + intervalMs;
  await database.write((tx) => noteFailed.run(tx, { name, error, until }));
}

/** A witness that has kept a longer log than there is: this one was cut off, or set back. */
async function alarmIfCut(deps: WitnessingDeps, name: string): Promise<void> {
  const { read } = deps.database;
  const row = await findWitness.first(read, { name });
  // Read after it: another node may have told the witness of what it has just sealed.
  const size = (await findNewestCheckpoint(read))?.tree_size ?? 0;
  if (!row || row.tree_size <= size) return;
  const problem = new Error(`the witness has kept a longer log: ${row.tree_size} entries, and here are ${size}`);
  await noteProblem(deps, name, problem);
  throw problem;
}

async function tell(deps: WitnessingDeps, witness: Witness): Promise<void> {
  const { clock, database } = deps;
  const newest = await findNewestCheckpoint(database.read);
  if (!newest) return;
  const { name } = witness;
  const now = clock.now();
  const lease = { name, now, until: now + LEASE_MS, size: newest.tree_size };
  const kept = await database.write(async (tx) => {
    await ensureWitness.run(tx, { name });
    return leaseWitness.first(tx, lease);
  });
  if (!kept) return alarmIfCut(deps, name);
  const sizes = { oldSize: kept.tree_size, newSize: newest.tree_size };
  try {
    const consistency = (await proveConsistency(database.read, sizes)).map((hash) => hash.toString('base64url'));
    const { note, tree_size: treeSize } = newest;
    await witness.keep({ treeSize, note, previousSize: kept.tree_size, consistency });
    await database.write((tx) => noteKept.run(tx, { name, tree_size: treeSize, sent_at: clock.now() }));
  } catch (error) {
    await noteProblem(deps, name, error);
    throw error;
  }
}

/** Keeps witnesses up to date; one that fails is told again an interval later and never holds up another. */
export function createWitnessing(deps: WitnessingDeps): Witnessing {
  let timer: NodeJS.Timeout | null = null;
  let underWay: Promise<void> = Promise.resolve();
  const witnesses = deps.places.map((place) => openWitness(place, { ...deps.s3, clock: deps.clock }));
  const fail =
    ({ name }: Witness) =>
    (error: unknown) =>
      deps.log.error('audit.witness.failed', { witness: name, error });
  const round = async () => {
    await Promise.all(witnesses.map((witness) => tell(deps, witness).catch(fail(witness))));
  };
  const next = () => {
    underWay = underWay.then(round);
    return underWay;
  };
  return {
    round: next,
    start() {
      if (witnesses.length > 0) timer ??= setInterval(next, deps.intervalMs).unref();
    },
    async stop() {
      if (timer) clearInterval(timer);
      timer = null;
      await underWay;
    },
  };
}
