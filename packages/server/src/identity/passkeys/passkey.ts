import type { PasskeysTable } from './tables.ts';

/** A passkey as its owner sees it. */
export interface Passkey {
  id: string;
  credentialId: string;
  rpId: string;
  name: string;
  transports: string[];
  backedUp: boolean;
  createdAt: number;
  lastUsedAt: number | null;
}

export function readPasskey(row: PasskeysTable): Passkey {
  return {
    id: row.id,
    credentialId: row.credential_id,
    rpId: row.rp_id,
    name: row.name,
    transports: row.transports === '' ? [] : row.transports.split(' '),
    backedUp: row.backed_up === 1,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
  };
}

/** A passkey in the shape of the API. */
export function presentPasskey(passkey: Passkey) {
  return {
    id: passkey.id,
    credential_id: passkey.credentialId,
    name: passkey.name,
    transports: passkey.transports,
    backed_up: passkey.backedUp,
    created_at: new Date(passkey.createdAt).toISOString(),
    last_used_at: passkey.lastUsedAt === null ? null : new Date(passkey.lastUsedAt).toISOString(),
  };
}
