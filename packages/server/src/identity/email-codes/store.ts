import { sql } from 'kysely';
import { statement, type Tx, takeOnce } from '../../platform/database/index.ts';
import { MOST_ATTEMPTS, MOST_FAILURES } from './code-policy.ts';
import type { EmailCodesTable } from './tables.ts';

type Address = Pick<EmailCodesTable, 'client_id' | 'email'>;

/** Writes the code of an address, in place of the one before; the count of failures stays. */
export const putCode = statement<
  Address & { code_hash: string; flow_hash: string | null; expires_at: number; created_at: number },
  never
>((query, p) =>
  query
    .insertInto('email_codes')
    .values({
      client_id: p('client_id'),
      email: p('email'),
      code_hash: p('code_hash'),
      flow_hash: p('flow_hash'),
      expires_at: p('expires_at'),
      consumed_at: null,
      attempts: 0,
      failures: 0,
      created_at: p('created_at'),
    })
    .onConflict((conflict) =>
      conflict.columns(['client_id', 'email']).doUpdateSet({
        code_hash: sql<string>`excluded.code_hash`,
        flow_hash: sql<string | null>`excluded.flow_hash`,
        expires_at: sql<number>`excluded.expires_at`,
        created_at: sql<number>`excluded.created_at`,
        consumed_at: null,
        attempts: 0,
      }),
    ),
);

export interface Guess extends Address {
  code_hash: string;
  now: number;
}

interface Taken {
  right: number;
  attempts: number;
  flow_hash: string | null;
}

/**
 * Counts a guess and takes the code when it is right, in one statement: however many guesses arrive at once, each is counted
 * before it is looked at and at most one takes the code. No row comes back when there is nothing to guess at.
 */
const take = takeOnce<Guess, Taken>('email_code', (query, p) =>
  query
    .updateTable('email_codes')
    .set({
      attempts: sql<number>`attempts + 1`,
      failures: sql<number>`case when code_hash = ${p('code_hash')} then 0 else failures + 1 end`,
      consumed_at: sql<
        number | null
      >`case when code_hash = ${p('code_hash')} then cast(${p('now')} as bigint) else null end`,
    })
    .where('client_id', '=', p('client_id'))
    .where('email', '=', p('email'))
    .where('consumed_at', 'is', null)
    .where('expires_at', '>', p('now'))
    .where('attempts', '<', sql.lit(MOST_ATTEMPTS))
    .where('failures', '<', sql.lit(MOST_FAILURES))
    .returning([sql<number>`case when consumed_at is null then 0 else 1 end`.as('right'), 'attempts', 'flow_hash']),
);

export function takeCode(tx: Tx, guess: Guess): Promise<Taken | null> {
  return take.first(tx, guess);
}

/** A sign-in by another method shows that the owner is here: their failures are forgiven. */
export const forgiveFailures = statement<Address, never>((query, p) =>
  query
    .updateTable('email_codes')
    .set({ failures: 0 })
    .where('client_id', '=', p('client_id'))
    .where('email', '=', p('email')),
);

const deleteOf = statement<Address, never>((query, p) =>
  query.deleteFrom('email_codes').where('client_id', '=', p('client_id')).where('email', '=', p('email')),
);

/** Forgets the code and the failures of an address: its user is gone, or somebody lets them in again. */
export async function forgetAddress(tx: Tx, of: { clientId: string; email: string }): Promise<void> {
  await deleteOf.run(tx, { client_id: of.clientId, email: of.email });
}

/** Forgets codes that ran out before `before` and count no failures. */
const deleteOld = statement<{ before: number }, never>((query, p) =>
  query.deleteFrom('email_codes').where('expires_at', '<', p('before')).where('failures', '=', 0),
);

/** Forgets codes that ran out before `before` and count no failures. */
export async function forgetExpired(tx: Tx, before: number): Promise<void> {
  await deleteOld.run(tx, { before });
}
