import type { Clock } from '../clock/index.ts';
import type { Database, Tx } from '../database/index.ts';
import type { NewId } from '../ids/index.ts';
import type { Vault } from '../secrets/index.ts';
import { MOST_ATTEMPTS, retryDelayMs } from './retry-policy.ts';
import {
  countJobs,
  deleteJob,
  failJob,
  hasDueJob,
  insertJob,
  type LeasedJob,
  leaseJobs,
  postponeJob,
} from './store.ts';

type Handler = (payload: never) => Promise<void>;

/** What the jobs need from the house. */
export interface JobsDeps {
  database: Database;
  clock: Clock;
  newId: NewId;
  vault: Vault;
  /** Told about every failed attempt; `final` when it will not be tried again. */
  onFailure(failure: { kind: string; attempts: number; final: boolean; error: unknown }): void;
}

export interface Jobs {
  /** Says who does jobs of `kind`. An error marked `permanent: true` is not tried again. */
  handle<P>(kind: string, handler: (payload: P) => Promise<void>): void;
  /** Writes a job in the caller's transaction; it starts right after the commit, or at `runAt`. */
  enqueue(tx: Tx, job: { kind: string; payload: object; runAt?: number }): Promise<void>;
  /** Does everything that is due now; resolves when nothing is left. */
  drain(): Promise<void>;
  /** Starts looking for due jobs. */
  start(): void;
  /** Stops looking and waits for the jobs under way. */
  stop(): Promise<void>;
  count(): Promise<{ kind: string; waiting: number; failed: number }[]>;
}

const LEASE_MS = 60_000;
const AT_ONCE = 8;
const POLL_MS = 1_000;

function isPermanent(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'permanent' in error && error.permanent === true;
}

async function settleFailure(deps: JobsDeps, job: LeasedJob, error: unknown): Promise<void> {
  const final = isPermanent(error) || job.attempts >= MOST_ATTEMPTS;
  const lastError = error instanceof Error ? error.message.slice(0, 500) : 'unknown';
  const now = deps.clock.now();
  await deps.database.write((tx) =>
    final
      ? failJob.run(tx, { id: job.id, failedAt: now, lastError })
      : postponeJob.run(tx, { id: job.id, runAt: now + retryDelayMs(job.attempts, Math.random()), lastError }),
  );
  deps.onFailure({ kind: job.kind, attempts: job.attempts, final, error });
}

function createRunner(deps: JobsDeps, handlers: Map<string, Handler>, isStopping: () => boolean) {
  const runOne = async (job: LeasedJob): Promise<void> => {
    try {
      const handler = handlers.get(job.kind);
      if (!handler) throw new Error(`no handler for jobs of kind ${job.kind}`);
      await handler(JSON.parse(deps.vault.open('job', job.payload_sealed)) as never);
      await deps.database.write((tx) => deleteJob.run(tx, { id: job.id }));
    } catch (error) {
      await settleFailure(deps, job, error);
    }
  };
  return async (): Promise<void> => {
    while (!isStopping()) {
      const now = deps.clock.now();
      if (!(await hasDueJob(deps.database.read, now))) return;
      const jobs = await deps.database.write((tx) => leaseJobs(tx, { now, until: now + LEASE_MS, most: AT_ONCE }));
      if (jobs.length === 0) return;
      await Promise.all(jobs.map(runOne));
    }
  };
}

/** Runs `round` once at a time; a call that comes while it runs makes it run once more, and waits for that too. */
function oneAtATime(round: () => Promise<void>): () => Promise<void> {
  let underWay: Promise<void> | null = null;
  let again = false;
  const rounds = async () => {
    do {
      again = false;
      await round();
    } while (again);
  };
  return () => {
    again = underWay !== null;
    underWay ??= rounds().finally(() => {
      underWay = null;
    });
    return underWay;
  };
}

function insert(deps: JobsDeps, tx: Tx, job: { kind: string; payload: object; runAt?: number }): void {
  const now = deps.clock.now();
  insertJob.send(tx, {
    id: deps.newId(),
    kind: job.kind,
    payload_sealed: deps.vault.seal('job', JSON.stringify(job.payload)),
    run_at: job.runAt ?? now,
    leased_until: 0,
    attempts: 0,
    failed_at: null,
    last_error: null,
    created_at: now,
  });
}

export function createJobs(deps: JobsDeps): Jobs {
  const handlers = new Map<string, Handler>();
  let stopping = false;
  let timer: NodeJS.Timeout | null = null;
  const drain = oneAtATime(createRunner(deps, handlers, () => stopping));
  const look = () => {
    drain().catch((error: unknown) => deps.onFailure({ kind: 'jobs', attempts: 1, final: false, error }));
  };

  return {
    handle: (kind, handler) => {
      handlers.set(kind, handler as Handler);
    },
    enqueue: async (tx, job) => {
      insert(deps, tx, job);
      if (timer) tx.afterCommit(look);
    },
    drain,
    start: () => {
      timer ??= setInterval(look, POLL_MS).unref();
      look();
    },
    stop: async () => {
      if (timer) clearInterval(timer);
      timer = null;
      stopping = true;
      await drain();
    },
    count: () => countJobs(deps.database.read),
  };
}
