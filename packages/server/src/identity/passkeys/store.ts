import { sql } from 'kysely';
import { type Reader, statement, type Tx, takeOnce } from '../../platform/database/index.ts';
import { ADMINISTRATORS_CLIENT } from '../../tenancy/clients/index.ts';
import type { PasskeyChallengesTable, PasskeysTable } from './tables.ts';

export const insertPasskey = statement<PasskeysTable, never>((query, p) =>
  query.insertInto('passkeys').values({
    id: p('id'),
    client_id: p('client_id'),
    user_id: p('user_id'),
    credential_id: p('credential_id'),
    rp_id: p('rp_id'),
    public_key: p('public_key'),
    counter: p('counter'),
    transports: p('transports'),
    backup_eligible: p('backup_eligible'),
    backed_up: p('backed_up'),
    aaguid: p('aaguid'),
    name: p('name'),
    created_at: p('created_at'),
    last_used_at: p('last_used_at'),
  }),
);

export const findByCredential = statement<{ client_id: string; credential_id: string }, PasskeysTable>((query, p) =>
  query
    .selectFrom('passkeys')
    .selectAll()
    .where('client_id', '=', p('client_id'))
    .where('credential_id', '=', p('credential_id')),
);

const ofUser = statement<{ client_id: string; user_id: string }, PasskeysTable>((query, p) =>
  query
    .selectFrom('passkeys')
    .selectAll()
    .where('user_id', '=', p('user_id'))
    .where('client_id', '=', p('client_id'))
    .orderBy('created_at')
    .orderBy('id'),
);

export function listOfUser(on: Reader, of: { client_id: string; user_id: string }): Promise<PasskeysTable[]> {
  return ofUser.all(on, of);
}

type Own = { id: string; client_id: string; user_id: string };

const rename = statement<Own & { name: string }, PasskeysTable>((query, p) =>
  query
    .updateTable('passkeys')
    .set({ name: p('name') })
    .where('id', '=', p('id'))
    .where('client_id', '=', p('client_id'))
    .where('user_id', '=', p('user_id'))
    .returningAll(),
);

export function renameRow(tx: Tx, of: Own & { name: string }): Promise<PasskeysTable | null> {
  return rename.first(tx, of);
}

const remove = statement<Own, PasskeysTable>((query, p) =>
  query
    .deleteFrom('passkeys')
    .where('id', '=', p('id'))
    .where('client_id', '=', p('client_id'))
    .where('user_id', '=', p('user_id'))
    .returningAll(),
);

export function deleteRow(tx: Tx, of: Own): Promise<PasskeysTable | null> {
  return remove.first(tx, of);
}

export interface Use {
  id: string;
  client_id: string;
  counter: number;
  backed_up: number;
  now: number;
}

/** Two assertions may finish in either order: the counter only ever grows (W-19). */
const use = statement<Use, never>((query, p) =>
  query
    .updateTable('passkeys')
    .set({
      counter: sql<number>`case when counter < ${p('counter')} then cast(${p('counter')} as bigint) else counter end`,
      backed_up: p('backed_up'),
      last_used_at: p('now'),
    })
    .where('id', '=', p('id'))
    .where('client_id', '=', p('client_id')),
);

/** Notes a successful sign-in; false when the passkey was removed meanwhile. */
export async function noteUse(tx: Tx, of: Use): Promise<boolean> {
  return (await use.run(tx, of)) > 0;
}

export const insertChallenge = statement<PasskeyChallengesTable, never>((query, p) =>
  query.insertInto('passkey_challenges').values({
    id: p('id'),
    client_id: p('client_id'),
    purpose: p('purpose'),
    user_id: p('user_id'),
    challenge_hash: p('challenge_hash'),
    origin: p('origin'),
    rp_id: p('rp_id'),
    expires_at: p('expires_at'),
  }),
);

const take = takeOnce<{ id: string; client_id: string; purpose: 'register' | 'authenticate' }, PasskeyChallengesTable>(
  'passkey_challenge',
  (query, p) =>
    query
      .deleteFrom('passkey_challenges')
      .where('id', '=', p('id'))
      .where('client_id', '=', p('client_id'))
      .where('purpose', '=', p('purpose'))
      .returningAll(),
);

/** Takes a challenge: whoever gets the row is the only one who ever does. */
export function takeChallenge(
  tx: Tx,
  of: { id: string; client_id: string; purpose: 'register' | 'authenticate' },
): Promise<PasskeyChallengesTable | null> {
  return take.first(tx, of);
}

/** New registration options void the older ones of the same user. */
export const deleteRegistrations = statement<{ client_id: string; user_id: string }, never>((query, p) =>
  query
    .deleteFrom('passkey_challenges')
    .where('client_id', '=', p('client_id'))
    .where('user_id', '=', p('user_id'))
    .where('purpose', '=', 'register'),
);

const deleteExpired = statement<{ before: number }, never>((query, p) =>
  query.deleteFrom('passkey_challenges').where('expires_at', '<', p('before')),
);

/** Forgets challenges that ran out before `before`. */
export async function forgetExpired(tx: Tx, before: number): Promise<void> {
  await deleteExpired.run(tx, { before });
}

const removeAll = statement<{ client_id: string; user_id: string }, never>((query, p) =>
  query.deleteFrom('passkeys').where('user_id', '=', p('user_id')).where('client_id', '=', p('client_id')),
);

/** Removes every passkey of a user: whoever resets them announces it. */
export async function deletePasskeysOf(tx: Tx, of: { clientId: string; userId: string }): Promise<void> {
  await removeAll.run(tx, { client_id: of.clientId, user_id: of.userId });
}

const rpIds = statement<{ other: string }, { rp_id: string }>((query, p) =>
  query.selectFrom('passkeys').select('rp_id').distinct().where('client_id', '<>', p('other')),
);

/** The relying parties that passkeys of users belong to, whichever client they are of. */
export async function listRpIds(on: Reader): Promise<string[]> {
  return (await rpIds.all(on, { other: ADMINISTRATORS_CLIENT })).map((row) => row.rp_id);
}
