import { sql } from 'kysely';
import { statement, type Tx } from '../database/index.ts';
import type { RateLimitsTable } from './tables.ts';

/** Counts one use; a row left from an earlier window starts again at one. */
export const addUse = statement<Pick<RateLimitsTable, 'key' | 'window_ends_at'>, { uses: number }>((query, p) =>
  query
    .insertInto('rate_limits')
    .values({ key: p('key'), window_ends_at: p('window_ends_at'), uses: 1 })
    .onConflict((conflict) =>
      conflict.column('key').doUpdateSet({
        uses: sql<number>`case when rate_limits.window_ends_at = excluded.window_ends_at then rate_limits.uses + 1 else 1 end`,
        window_ends_at: sql<number>`excluded.window_ends_at`,
      }),
    )
    .returning('uses'),
);

export const findUses = statement<Pick<RateLimitsTable, 'key' | 'window_ends_at'>, { uses: number }>((query, p) =>
  query
    .selectFrom('rate_limits')
    .select('uses')
    .where('key', '=', p('key'))
    .where('window_ends_at', '=', p('window_ends_at')),
);

/** Forgets windows that ended before `before`. */
const deleteEnded = statement<{ before: number }, never>((query, p) =>
  query.deleteFrom('rate_limits').where('window_ends_at', '<', p('before')),
);

/** Forgets windows that ended before `before`. */
export async function forgetEnded(tx: Tx, before: number): Promise<void> {
  await deleteEnded.run(tx, { before });
}
