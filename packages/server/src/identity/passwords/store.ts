import { sql } from 'kysely';
import { statement, type Tx } from '../../platform/database/index.ts';
import type { PasswordsTable } from './tables.ts';

type Own = Pick<PasswordsTable, 'client_id' | 'user_id'>;

export const findPassword = statement<Own, PasswordsTable>((query, p) =>
  query.selectFrom('passwords').selectAll().where('client_id', '=', p('client_id')).where('user_id', '=', p('user_id')),
);

const put = statement<PasswordsTable, never>((query, p) =>
  query
    .insertInto('passwords')
    .values({
      client_id: p('client_id'),
      user_id: p('user_id'),
      hash_sealed: p('hash_sealed'),
      changed_at: p('changed_at'),
    })
    .onConflict((conflict) =>
      conflict.columns(['client_id', 'user_id']).doUpdateSet({
        hash_sealed: sql<string>`excluded.hash_sealed`,
        changed_at: sql<number>`excluded.changed_at`,
      }),
    ),
);

/** Stores a password, as the hasher made it, in the place of the one before. */
export async function putPassword(
  tx: Tx,
  of: { clientId: string; userId: string; hash: string; now: number },
): Promise<void> {
  await put.run(tx, { client_id: of.clientId, user_id: of.userId, hash_sealed: of.hash, changed_at: of.now });
}

/** Replaces a hash by one of the same password, unless the password was changed meanwhile. */
export const replaceHash = statement<Own & { from: string; to: string }, never>((query, p) =>
  query
    .updateTable('passwords')
    .set({ hash_sealed: p('to') })
    .where('client_id', '=', p('client_id'))
    .where('user_id', '=', p('user_id'))
    .where('hash_sealed', '=', p('from')),
);

const remove = statement<Own, never>((query, p) =>
  query.deleteFrom('passwords').where('client_id', '=', p('client_id')).where('user_id', '=', p('user_id')),
);

/** Takes the password of a user away. */
export async function deletePassword(tx: Tx, of: { clientId: string; userId: string }): Promise<void> {
  await remove.run(tx, { client_id: of.clientId, user_id: of.userId });
}
