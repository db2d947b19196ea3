import { type Reader, statement } from '../../platform/database/index.ts';
import type { AuditWitnessesTable } from './tables.ts';

export const ensureWitness = statement<{ name: string }, never>((query, p) =>
  query
    .insertInto('audit_witnesses')
    .values({ name: p('name'), tree_size: 0, sent_at: null, leased_until: 0, last_error: null })
    .onConflict((conflict) => conflict.column('name').doNothing()),
);

/** Takes the witness for this node, unless another one is at it; null then, and when it has kept all there is. */
export const leaseWitness = statement<
  { name: string; now: number; until: number; size: number },
  { tree_size: number }
>((query, p) =>
  query
    .updateTable('audit_witnesses')
    .set({ leased_until: p('until') })
    .where('name', '=', p('name'))
    .where('leased_until', '<=', p('now'))
    .where('tree_size', '<', p('size'))
    .returning('tree_size'),
);

export const noteKept = statement<{ name: string; tree_size: number; sent_at: number }, never>((query, p) =>
  query
    .updateTable('audit_witnesses')
    .set({ tree_size: p('tree_size'), sent_at: p('sent_at'), leased_until: 0, last_error: null })
    .where('name', '=', p('name')),
);

/** The next try is when the lease has ended. */
export const noteFailed = statement<{ name: string; error: string; until: number }, never>((query, p) =>
  query
    .updateTable('audit_witnesses')
    .set({ last_error: p('error'), leased_until: p('until') })
    .where('name', '=', p('name')),
);

export const findWitness = statement<{ name: string }, AuditWitnessesTable>((query, p) =>
  query.selectFrom('audit_witnesses').selectAll().where('name', '=', p('name')),
);

const all = statement<object, AuditWitnessesTable>((query) =>
  query.selectFrom('audit_witnesses').selectAll().orderBy('name'),
);

export function listWitnesses(on: Reader): Promise<AuditWitnessesTable[]> {
  return all.all(on, {});
}
