import type { Database } from '../../platform/database/index.ts';
import type { Algorithm, Slot } from './signing-key.ts';
import { listKeysOf } from './store.ts';

export interface ListedKey {
  kid: string;
  algorithm: Algorithm;
  slot: Slot;
  createdAt: number;
  retiredAt: number | null;
}

/** The keys of a client, or of the issuer (null), CURRENT first; nothing of their private halves. */
export async function listSigningKeys(database: Database, owner: string | null = null): Promise<ListedKey[]> {
  const rows = await listKeysOf(database.read, owner);
  return rows.map(({ kid, algorithm, slot, created_at, retired_at }) => ({
    kid,
    algorithm,
    slot,
    createdAt: created_at,
    retiredAt: retired_at,
  }));
}
