import { type Reader, statement } from '../../platform/database/index.ts';
import type { LogStreamsTable } from './tables.ts';

/** Makes a stream begin at a place; one that is known goes on where it was. */
export const ensureStream = statement<{ id: string; cursor_seq: number; now: number }, never>((query, p) =>
  query
    .insertInto('log_streams')
    .values({
      id: p('id'),
      cursor_seq: p('cursor_seq'),
      lease_id: null,
      leased_until: 0,
      failures: 0,
      retry_at: 0,
      last_error: null,
      updated_at: p('now'),
    })
    .onConflict((conflict) => conflict.column('id').doNothing()),
);

const byId = statement<{ id: string }, LogStreamsTable>((query, p) =>
  query.selectFrom('log_streams').selectAll().where('id', '=', p('id')),
);

export function findStream(on: Reader, id: string): Promise<LogStreamsTable | null> {
  return byId.first(on, { id });
}

const all = statement<object, LogStreamsTable>((query) => query.selectFrom('log_streams').selectAll().orderBy('id'));

export function listStreams(on: Reader): Promise<LogStreamsTable[]> {
  return all.all(on, {});
}

/** Takes a stream for this node; null when another one has it, or its pause is not over. */
export const leaseStream = statement<
  { id: string; lease_id: string; now: number; until: number },
  { cursor_seq: number; failures: number }
>((query, p) =>
  query
    .updateTable('log_streams')
    .set({ lease_id: p('lease_id'), leased_until: p('until') })
    .where('id', '=', p('id'))
    .where('leased_until', '<=', p('now'))
    .where('retry_at', '<=', p('now'))
    .returning(['cursor_seq', 'failures']),
);

interface Advance {
  id: string;
  lease_id: string;
  cursor_seq: number;
  until: number;
  now: number;
}

/** Says how far the stream has come and keeps or ends the lease; changes nothing when the lease is lost. */
export const advanceStream = statement<Advance, never>((query, p) =>
  query
    .updateTable('log_streams')
    .set({
      cursor_seq: p('cursor_seq'),
      leased_until: p('until'),
      failures: 0,
      retry_at: 0,
      last_error: null,
      updated_at: p('now'),
    })
    .where('id', '=', p('id'))
    .where('lease_id', '=', p('lease_id')),
);

export const releaseStream = statement<{ id: string; lease_id: string }, never>((query, p) =>
  query
    .updateTable('log_streams')
    .set({ leased_until: 0 })
    .where('id', '=', p('id'))
    .where('lease_id', '=', p('lease_id')),
);

interface Failure {
  id: string;
  lease_id: string;
  failures: number;
  retry_at: number;
  last_error: string;
}

export const failStream = statement<Failure, never>((query, p) =>
  query
    .updateTable('log_streams')
    .set({ leased_until: 0, failures: p('failures'), retry_at: p('retry_at'), last_error: p('last_error') })
    .where('id', '=', p('id'))
    .where('lease_id', '=', p('lease_id')),
);
