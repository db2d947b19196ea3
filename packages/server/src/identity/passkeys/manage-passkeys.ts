import type { Database } from '../../platform/database/index.ts';
import type { Announce, RequestFacts } from '../../platform/events/index.ts';
import { type NoticeDeps, queueNotice } from '../account-notices/index.ts';
import { type Passkey, readPasskey } from './passkey.ts';
import { deleteRow, listOfUser, renameRow } from './store.ts';

/** The passkeys of one user, oldest first. */
export async function listPasskeys(database: Database, of: { clientId: string; userId: string }): Promise<Passkey[]> {
  return (await listOfUser(database.read, { client_id: of.clientId, user_id: of.userId })).map(readPasskey);
}

export interface OwnPasskey {
  clientId: string;
  userId: string;
  id: string;
  request: RequestFacts;
}

type Deps = { database: Database; announce: Announce };

/** Gives a passkey another name; null when the user has none with this id. */
export function renamePasskey(deps: Deps, input: OwnPasskey & { name: string }): Promise<Passkey | null> {
  const { clientId, userId, id, name, request } = input;
  return deps.database.write(async (tx) => {
    const row = await renameRow(tx, { id, client_id: clientId, user_id: userId, name });
    if (!row) return null;
    await deps.announce(tx, {
      name: 'passkey_renamed',
      clientId,
      userId,
      target: { type: 'passkey', id },
      metadata: { name },
      request,
    });
    return readPasskey(row);
  });
}

/**
 * Removes a passkey and has its owner told in the language `locale`; false when the user has none with this id. The user keeps their address as
 * a way in.
 */
export function deletePasskey(deps: Deps & NoticeDeps, input: OwnPasskey & { locale: string }): Promise<boolean> {
  const { clientId, userId, id, locale, request } = input;
  return deps.database.write(async (tx) => {
    const row = await deleteRow(tx, { id, client_id: clientId, user_id: userId });
    if (!row) return false;
    await queueNotice({ ...deps, tx }, { clientId, userId, change: 'passkey_removed', locale });
    await deps.announce(tx, {
      name: 'passkey_removed',
      clientId,
      userId,
      target: { type: 'passkey', id },
      metadata: { name: row.name },
      request,
    });
    return true;
  });
}
