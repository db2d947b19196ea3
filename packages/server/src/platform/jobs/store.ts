import { sql } from 'kysely';
import { type Reader, statement, type Tx } from '../database/index.ts';
import type { JobsTable } from './tables.ts';

export const insertJob = statement<JobsTable, never>((query, p) =>
  query.insertInto('jobs').values({
    id: p('id'),
    kind: p('kind'),
    payload_sealed: p('payload_sealed'),
    run_at: p('run_at'),
    leased_until: p('leased_until'),
    attempts: p('attempts'),
    failed_at: p('failed_at'),
    last_error: p('last_error'),
    created_at: p('created_at'),
  }),
);

export type LeasedJob = Pick<JobsTable, 'id' | 'kind' | 'payload_sealed' | 'attempts'>;

interface Lease {
  now: number;
  until: number;
  most: number;
}

/** Postgres workers step over rows that another is just leasing; SQLite has one writer anyway. */
const lease = statement<Lease, LeasedJob>((query, p, dialect) => {
  const due = query
    .selectFrom('jobs')
    .select('id')
    .where('failed_at', 'is', null)
    .where('run_at', '<=', p('now'))
    .where('leased_until', '<=', p('now'))
    .orderBy('run_at')
    .limit(p('most'));
  return query
    .updateTable('jobs')
    .set((eb) => ({ leased_until: p('until'), attempts: eb('attempts', '+', 1) }))
    .where('id', 'in', dialect === 'postgres' ? due.forUpdate().skipLocked() : due)
    .returning(['id', 'kind', 'payload_sealed', 'attempts']);
});

/** Takes up to `most` due jobs for this worker until `until`. */
export function leaseJobs(tx: Tx, input: Lease): Promise<LeasedJob[]> {
  return lease.all(tx, input);
}

const firstDue = statement<{ now: number }, { id: string }>((query, p) =>
  query
    .selectFrom('jobs')
    .select('id')
    .where('failed_at', 'is', null)
    .where('run_at', '<=', p('now'))
    .where('leased_until', '<=', p('now'))
    .limit(1),
);

/** Whether anything waits: asked before a write transaction is opened for nothing. */
export async function hasDueJob(reader: Reader, now: number): Promise<boolean> {
  return (await firstDue.first(reader, { now })) !== null;
}

export const deleteJob = statement<{ id: string }, never>((query, p) =>
  query.deleteFrom('jobs').where('id', '=', p('id')),
);

export const postponeJob = statement<{ id: string; runAt: number; lastError: string }, never>((query, p) =>
  query
    .updateTable('jobs')
    .set({ run_at: p('runAt'), leased_until: 0, last_error: p('lastError') })
    .where('id', '=', p('id')),
);

export const failJob = statement<{ id: string; failedAt: number; lastError: string }, never>((query, p) =>
  query
    .updateTable('jobs')
    .set({ failed_at: p('failedAt'), leased_until: 0, last_error: p('lastError') })
    .where('id', '=', p('id')),
);

const depth = statement<object, { kind: string; waiting: number; failed: number }>((query) =>
  query
    .selectFrom('jobs')
    .select((eb) => [
      'kind',
      eb.fn.countAll<number>().as('waiting'),
      sql<number>`sum(case when failed_at is null then 0 else 1 end)`.as('failed'),
    ])
    .groupBy('kind'),
);

/** How many jobs of each kind are stored, and how many of those were given up. */
export function countJobs(reader: Reader): Promise<{ kind: string; waiting: number; failed: number }[]> {
  return depth.all(reader, {});
}
