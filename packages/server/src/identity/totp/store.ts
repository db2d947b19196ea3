import { sql } from 'kysely';
import { type Reader, statement, type Tx, takeOnce } from '../../platform/database/index.ts';
import type { TotpSecretsTable } from './tables.ts';

type Own = Pick<TotpSecretsTable, 'client_id' | 'user_id'>;

export const putSecret = statement<TotpSecretsTable, never>((query, p) =>
  query
    .insertInto('totp_secrets')
    .values({
      client_id: p('client_id'),
      user_id: p('user_id'),
      secret_sealed: p('secret_sealed'),
      last_step: p('last_step'),
      created_at: p('created_at'),
    })
    .onConflict((conflict) =>
      conflict.columns(['client_id', 'user_id']).doUpdateSet({
        secret_sealed: sql<string>`excluded.secret_sealed`,
        last_step: sql<number>`excluded.last_step`,
        created_at: sql<number>`excluded.created_at`,
      }),
    ),
);

export const findSecret = statement<Own, TotpSecretsTable>((query, p) =>
  query
    .selectFrom('totp_secrets')
    .selectAll()
    .where('client_id', '=', p('client_id'))
    .where('user_id', '=', p('user_id')),
);

/** Whether a user has an authenticator app. */
export async function hasTotp(on: Reader, of: { clientId: string; userId: string }): Promise<boolean> {
  return (await findSecret.first(on, { client_id: of.clientId, user_id: of.userId })) !== null;
}

const spend = takeOnce<Own & { step: number }, never>('totp_step', (query, p) =>
  query
    .updateTable('totp_secrets')
    .set({ last_step: p('step') })
    .where('client_id', '=', p('client_id'))
    .where('user_id', '=', p('user_id'))
    .where('last_step', '<', p('step')),
);

/** Spends a time step; false when it, or a later one, was spent before. */
export async function takeStep(tx: Tx, of: Own & { step: number }): Promise<boolean> {
  return (await spend.run(tx, of)) > 0;
}

const remove = statement<Own, never>((query, p) =>
  query.deleteFrom('totp_secrets').where('client_id', '=', p('client_id')).where('user_id', '=', p('user_id')),
);

/** Takes the authenticator app of a user away. */
export async function deleteTotp(tx: Tx, of: { clientId: string; userId: string }): Promise<void> {
  await remove.run(tx, { client_id: of.clientId, user_id: of.userId });
}
