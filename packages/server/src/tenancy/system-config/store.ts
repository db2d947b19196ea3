import { statement } from '../../platform/database/index.ts';
import type { SystemConfigTable } from './tables.ts';

/** The row that counts revisions has no name of its own. */
const COUNTER = '';

/** What administrators have set, and given back. */
export const listSettings = statement<object, SystemConfigTable>((query) =>
  query.selectFrom('system_config').selectAll().where('name', '<>', COUNTER).orderBy('name'),
);

export const findRevision = statement<object, { revision: number }>((query) =>
  query.selectFrom('system_config').select('revision').where('name', '=', COUNTER),
);

/** Counts one change more. The row is held until the transaction ends, so that changes happen one after the other. */
export const nextRevision = statement<{ at: number }, { revision: number }>((query, p) =>
  query
    .insertInto('system_config')
    .values({ name: COUNTER, value: null, revision: 1, updated_at: p('at'), updated_by: '' })
    .onConflict((conflict) =>
      conflict
        .column('name')
        .doUpdateSet((eb) => ({ revision: eb('system_config.revision', '+', 1), updated_at: p('at') })),
    )
    .returning('revision'),
);

export const putSetting = statement<SystemConfigTable, never>((query, p) =>
  query
    .insertInto('system_config')
    .values({
      name: p('name'),
      value: p('value'),
      revision: p('revision'),
      updated_at: p('updated_at'),
      updated_by: p('updated_by'),
    })
    .onConflict((conflict) =>
      conflict.column('name').doUpdateSet({
        value: p('value'),
        revision: p('revision'),
        updated_at: p('updated_at'),
        updated_by: p('updated_by'),
      }),
    ),
);
