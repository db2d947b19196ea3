import { statement } from '../../platform/database/index.ts';
import type { SigningKeysTable } from './tables.ts';

/** The issuer's own keys, CURRENT first, then STANDBY, then RETIRED from the newest. */
export const listIssuerKeys = statement<object, SigningKeysTable>((query) =>
  query
    .selectFrom('signing_keys')
    .selectAll()
    .where('client_id', 'is', null)
    .orderBy((eb) => eb.case().when('slot', '=', 'CURRENT').then(0).when('slot', '=', 'STANDBY').then(1).else(2).end())
    .orderBy('retired_at', 'desc'),
);

export const insertKey = statement<SigningKeysTable, never>((query, p) =>
  query
    .insertInto('signing_keys')
    .values({
      kid: p('kid'),
      client_id: p('client_id'),
      algorithm: p('algorithm'),
      slot: p('slot'),
      public_jwk: p('public_jwk'),
      private_sealed: p('private_sealed'),
      created_at: p('created_at'),
      retired_at: p('retired_at'),
    })
    // Another node filled the slot first: its key is as good as ours.
    .onConflict((conflict) => conflict.doNothing()),
);

export const moveKey = statement<{ kid: string; slot: SigningKeysTable['slot']; retired_at: number | null }, never>(
  (query, p) =>
    query
      .updateTable('signing_keys')
      .set({ slot: p('slot'), retired_at: p('retired_at') })
      .where('kid', '=', p('kid')),
);

export const deleteRetired = statement<{ before: number }, never>((query, p) =>
  query.deleteFrom('signing_keys').where('slot', '=', 'RETIRED').where('retired_at', '<', p('before')),
);
