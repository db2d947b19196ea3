import type { Clock } from '../../platform/clock/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import type { Vault } from '../../platform/secrets/index.ts';
import { generateKey, type NewKey } from './generate-key.ts';
import type { Slot } from './signing-key.ts';
import { insertKey, listKeysOf } from './store.ts';

export const SEAL_PURPOSE = 'signing-key';

/** Writes a new key of `owner` (null: the issuer) into `slot`, unless another node does so first. */
export async function fillSlot(
  deps: { clock: Clock; vault: Vault; tx: Tx },
  key: NewKey,
  place: { owner: string | null; slot: Slot; signsFrom: number },
): Promise<void> {
  await insertKey.run(deps.tx, {
    kid: key.kid,
    client_id: place.owner,
    algorithm: key.algorithm,
    slot: place.slot,
    public_jwk: JSON.stringify(key.publicJwk),
    private_sealed: deps.vault.seal(SEAL_PURPOSE, key.privateText),
    created_at: deps.clock.now(),
    retired_at: null,
    signs_from: place.signsFrom,
    verifies_until: null,
    sole: 0,
  });
}

/** Makes the CURRENT and the STANDBY key that an empty database lacks. */
export async function ensureSigningKeys(deps: { clock: Clock; vault: Vault; tx: Tx }): Promise<void> {
  const slots = new Set((await listKeysOf(deps.tx, null)).map((row) => row.slot));
  for (const slot of ['CURRENT', 'STANDBY'] as const) {
    // Nobody has fetched a set of keys yet: both may sign as soon as they are asked to.
    if (!slots.has(slot)) await fillSlot(deps, generateKey('ES256'), { owner: null, slot, signsFrom: 0 });
  }
}
