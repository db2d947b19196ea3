import type { EventName } from '@gatehouse/protocol';
import type { Tx } from '../../platform/database/index.ts';
import type { Originator } from '../../platform/events/index.ts';
import { type ClientRecord, holdClient, rotateClientKey } from '../../tenancy/clients/index.ts';
import { applyRotation, generateKeys, type Rotated } from '../../tenancy/signing-keys/index.ts';
import { type AdministrationDeps, OVERLAP_SECONDS } from './administration-deps.ts';
import { chosenAlgorithm } from './key-algorithm-policy.ts';

export type KeyName = 'api_key' | 'client_secret' | 'signing_key';

export interface RotateInput {
  client: ClientRecord;
  overlapSeconds?: number | undefined;
  immediate?: boolean | undefined;
  by: Originator;
}

/** What is shown of a rotation, once. */
export interface RotatedKey {
  /** The new key in full; for a signing key only the secret of the legacy token mode. */
  key: string | null;
  signing: Rotated | null;
  previousValidUntil: number;
}

async function rotate(
  deps: AdministrationDeps & { tx: Tx },
  of: {
    name: KeyName;
    clientId: string;
    overlapMs: number | null;
    fresh: Awaited<ReturnType<typeof generateKeys>> | null;
  },
): Promise<Pick<RotatedKey, 'key' | 'signing'>> {
  const { name, clientId, overlapMs, fresh } = of;
  if (name !== 'signing_key') {
    return { key: await rotateClientKey(deps, { clientId, kind: name, overlapMs: overlapMs ?? 0 }), signing: null };
  }
  if (!fresh) throw new Error('a signing key is rotated with new keys at hand');
  const signing = await applyRotation(deps, { owner: clientId, fresh, overlapMs });
  return { key: signing.sharedSecret, signing };
}

const eventOf = {
  api_key: 'client_api_key_rotated',
  client_secret: 'client_secret_rotated',
  signing_key: 'client_signing_key_rotated',
} as const satisfies Record<KeyName, EventName>;

/**
 * Makes a new key of one kind. The old one works until the overlap ends; `immediate` ends it at once, and for a signing key every
 * token it signed as well.
 */
export async function rotateKeyOf(deps: AdministrationDeps, name: KeyName, input: RotateInput): Promise<RotatedKey> {
  const { client, by, immediate = false } = input;
  const overlapMs = immediate ? null : (input.overlapSeconds ?? OVERLAP_SECONDS) * 1000;
  const algorithm = chosenAlgorithm(client) ?? 'ES256';
  const fresh = name === 'signing_key' ? await generateKeys(algorithm) : null;
  const rotated = await deps.database.write(async (tx) => {
    // Two rotations of a key at once would both leave theirs in force.
    await holdClient(tx, client.id);
    const done = await rotate({ ...deps, tx }, { name, clientId: client.id, overlapMs, fresh });
    const ids = done.signing && { kid: done.signing.kid, previous_kid: done.signing.retired, algorithm };
    const metadata = { immediate, overlap_seconds: (overlapMs ?? 0) / 1000, ...ids };
    const event = { name: eventOf[name], clientId: client.id, target: { type: 'client', id: client.id } };
    await deps.announce(tx, { ...event, metadata, ...by });
    return done;
  });
  if (name === 'signing_key') await deps.signingKeys.refresh();
  return { ...rotated, previousValidUntil: deps.clock.now() + (overlapMs ?? 0) };
}
