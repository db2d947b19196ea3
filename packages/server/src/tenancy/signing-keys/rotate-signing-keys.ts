import type { Clock } from '../../platform/clock/index.ts';
import type { Database } from '../../platform/database/index.ts';
import { type Announce, operatorEvent } from '../../platform/events/index.ts';
import type { Vault } from '../../platform/secrets/index.ts';
import { fillSlot } from './ensure-signing-keys.ts';
import { deleteRetired, listIssuerKeys, moveKey } from './store.ts';

export interface RotateDeps {
  clock: Clock;
  database: Database;
  vault: Vault;
  announce: Announce;
  /** A retired key stays published this long: the longest life of a token it may have signed. */
  longestTokenTtlMs: number;
}

/** Nodes read the keys anew within seconds; a retired key outlives its last token by this margin. */
const MARGIN_MS = 5 * 60_000;

/**
 * STANDBY becomes CURRENT, CURRENT becomes RETIRED, and a new STANDBY is made, all in one transaction.
 * No verifier meets an unknown key: the promoted one has been published since the rotation before. Returns the new CURRENT's kid.
 */
export function rotateSigningKeys(deps: RotateDeps): Promise<string> {
  const { clock, vault, database } = deps;
  return database.write(async (tx) => {
    const now = clock.now();
    const keys = await listIssuerKeys.all(tx, {});
    const current = keys.find((key) => key.slot === 'CURRENT');
    const standby = keys.find((key) => key.slot === 'STANDBY');
    if (!current || !standby) throw new Error('the database holds no keys to rotate; run gatehouse init');
    await moveKey.run(tx, { kid: current.kid, slot: 'RETIRED', retired_at: now });
    await moveKey.run(tx, { kid: standby.kid, slot: 'CURRENT', retired_at: null });
    await fillSlot({ clock, vault, tx }, { algorithm: standby.algorithm, slot: 'STANDBY' });
    await deleteRetired.run(tx, { before: now - deps.longestTokenTtlMs - MARGIN_MS });
    const target = { type: 'signing_key', id: standby.kid };
    await deps.announce(tx, operatorEvent({ name: 'signing_key_rotated', target, metadata: { retired: current.kid } }));
    return standby.kid;
  });
}
