import type { Clock } from '../../platform/clock/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import type { Vault } from '../../platform/secrets/index.ts';
import { generateKey } from './generate-key.ts';
import type { Algorithm, Slot } from './signing-key.ts';
import { insertKey, listIssuerKeys } from './store.ts';

export const SEAL_PURPOSE = 'signing-key';

/** Writes a new key of the issuer into `slot`, unless another node does so first. */
export async function fillSlot(
  deps: { clock: Clock; vault: Vault; tx: Tx },
  input: { algorithm: Algorithm; slot: Slot },
): Promise<void> {
  const { kid, publicJwk, privateKey } = generateKey(input.algorithm);
  await insertKey.run(deps.tx, {
    kid,
    client_id: null,
    algorithm: input.algorithm,
    slot: input.slot,
    public_jwk: JSON.stringify(publicJwk),
    private_sealed: deps.vault.seal(SEAL_PURPOSE, privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()),
    created_at: deps.clock.now(),
    retired_at: null,
  });
}

/** Makes the CURRENT and the STANDBY key that an empty database lacks. */
export async function ensureSigningKeys(deps: { clock: Clock; vault: Vault; tx: Tx }): Promise<void> {
  const slots = new Set((await listIssuerKeys.all(deps.tx, {})).map((row) => row.slot));
  if (!slots.has('CURRENT')) await fillSlot(deps, { algorithm: 'ES256', slot: 'CURRENT' });
  if (!slots.has('STANDBY')) await fillSlot(deps, { algorithm: 'ES256', slot: 'STANDBY' });
}
