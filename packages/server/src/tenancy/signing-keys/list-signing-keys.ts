import type { Database } from '../../platform/database/index.ts';
import type { Algorithm, Slot } from './signing-key.ts';
import { listIssuerKeys } from './store.ts';

export interface ListedKey {
  kid: string;
  algorithm: Algorithm;
  slot: Slot;
  createdAt: number;
  retiredAt: number | null;
}

/** The issuer's keys, CURRENT first; nothing of their private halves. */
export async function listSigningKeys(database: Database): Promise<ListedKey[]> {
  const rows = await listIssuerKeys.all(database.read, {});
  return rows.map(({ kid, algorithm, slot, created_at, retired_at }) => ({
    kid,
    algorithm,
    slot,
    createdAt: created_at,
    retiredAt: retired_at,
  }));
}
