import { sql } from 'kysely';
import { type Reader, statement } from '../../platform/database/index.ts';
import type { SigningKeysTable } from './tables.ts';

type Row = SigningKeysTable;
type Move = Pick<Row, 'kid' | 'slot' | 'retired_at' | 'signs_from' | 'verifies_until'> & { owner: string };

/** Keys of the issuer have no client: to a condition their owner is the empty name. */
function ownerIs(owner: string) {
  return sql<boolean>`coalesce("client_id", '') = ${owner}`;
}

/** Every key of the installation: those of the issuer first; of each owner CURRENT, STANDBY, then RETIRED from the newest. */
export const listKeys = statement<object, Row>((query) =>
  query
    .selectFrom('signing_keys')
    .selectAll()
    .orderBy((eb) => eb.case().when('client_id', 'is', null).then(0).else(1).end())
    .orderBy('client_id')
    .orderBy((eb) => eb.case().when('slot', '=', 'CURRENT').then(0).when('slot', '=', 'STANDBY').then(1).else(2).end())
    .orderBy('retired_at', 'desc'),
);

const listIssuerKeys = statement<object, Row>((query) =>
  query
    .selectFrom('signing_keys')
    .selectAll()
    .where('client_id', 'is', null)
    .orderBy((eb) => eb.case().when('slot', '=', 'CURRENT').then(0).when('slot', '=', 'STANDBY').then(1).else(2).end())
    .orderBy('retired_at', 'desc'),
);

const listClientKeys = statement<{ client_id: string }, Row>((query, p) =>
  query
    .selectFrom('signing_keys')
    .selectAll()
    .where('client_id', '=', p('client_id'))
    .orderBy((eb) => eb.case().when('slot', '=', 'CURRENT').then(0).when('slot', '=', 'STANDBY').then(1).else(2).end())
    .orderBy('retired_at', 'desc'),
);

/** The keys of a client, or of the issuer (null), CURRENT first, then STANDBY, then RETIRED from the newest. */
export function listKeysOf(on: Reader, owner: string | null): Promise<Row[]> {
  return owner === null ? listIssuerKeys.all(on, {}) : listClientKeys.all(on, { client_id: owner });
}

export const insertKey = statement<Row, never>((query, p) =>
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
      signs_from: p('signs_from'),
      verifies_until: p('verifies_until'),
      sole: p('sole'),
    })
    // Another node filled the slot first: its key is as good as ours.
    .onConflict((conflict) => conflict.doNothing()),
);

/** Moves a key of an owner (the empty name: the issuer) to another slot. */
export const moveKey = statement<Move, never>((query, p) =>
  query
    .updateTable('signing_keys')
    .set({
      slot: p('slot'),
      retired_at: p('retired_at'),
      signs_from: p('signs_from'),
      verifies_until: p('verifies_until'),
    })
    .where('kid', '=', p('kid'))
    .where(ownerIs(p('owner'))),
);

export const markSole = statement<{ client_id: string }, never>((query, p) =>
  query.updateTable('signing_keys').set({ sole: 1 }).where('client_id', '=', p('client_id')),
);

export const deleteKey = statement<{ kid: string; owner: string }, never>((query, p) =>
  query
    .deleteFrom('signing_keys')
    .where('kid', '=', p('kid'))
    .where(ownerIs(p('owner'))),
);

/** Forgets retired keys, of every client, whose time to verify is over. */
export const deleteSpent = statement<{ now: number }, never>((query, p) =>
  query.deleteFrom('signing_keys').where('slot', '=', 'RETIRED').where('verifies_until', '<=', p('now')),
);
