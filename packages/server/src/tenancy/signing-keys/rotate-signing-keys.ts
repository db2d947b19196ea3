import type { Clock } from '../../platform/clock/index.ts';
import type { Database, Tx } from '../../platform/database/index.ts';
import { type Announce, operatorEvent } from '../../platform/events/index.ts';
import type { Vault } from '../../platform/secrets/index.ts';
import { DEFAULT_CLIENT, holdClient } from '../clients/index.ts';
import { fillSlot, SEAL_PURPOSE } from './ensure-signing-keys.ts';
import { generateKeys, type NewKey } from './generate-key.ts';
import type { Algorithm } from './signing-key.ts';
import { PUBLISHED_FIRST_MS } from './signing-key-policy.ts';
import { deleteKey, deleteSpent, listKeysOf, markSole, moveKey } from './store.ts';
import type { SigningKeysTable } from './tables.ts';

export interface RotateDeps {
  clock: Clock;
  database: Database;
  vault: Vault;
  announce: Announce;
  /** A retired key stays published this long: the longest life of a token it may have signed. */
  longestTokenTtlMs: number;
}

/** Nodes read the keys anew within seconds, and a retired key may sign until its successor is known everywhere. */
const MARGIN_MS = 2 * PUBLISHED_FIRST_MS;

export interface Rotation {
  /** The client whose keys these are; null for the issuer's. */
  owner: string | null;
  /** Two new keys, of which one at least goes into a slot; their algorithm is the one that signs from now on. */
  fresh: readonly [NewKey, NewKey];
  /** How long the old key goes on verifying; null ends it, and every token it signed, at once. */
  overlapMs: number | null;
  /** For an owner whom nobody verifies yet: the new key need not be known first. */
  signsAtOnce?: boolean;
}

/** What a rotation came to. */
export interface Rotated {
  kid: string;
  algorithm: Algorithm;
  /** The key that was CURRENT before; null for an owner that had none. */
  retired: string | null;
  /** The shared secret of a client in the legacy token mode, which must hand it to its verifiers; null for every other. */
  sharedSecret: string | null;
}

interface Place {
  clock: Clock;
  vault: Vault;
  tx: Tx;
}

/** Takes the keys that are replaced out of their slots. */
async function clearSlots({ clock, tx }: Place, rows: readonly SigningKeysTable[], of: Rotation): Promise<void> {
  const [{ algorithm }] = of.fresh;
  const owner = of.owner ?? '';
  for (const row of rows) {
    const isDropped = row.slot === 'STANDBY' && row.algorithm !== algorithm;
    const isEnded = of.overlapMs === null && row.slot !== 'STANDBY';
    if (isDropped || isEnded) await deleteKey.run(tx, { kid: row.kid, owner });
    else if (row.slot === 'CURRENT') {
      const verifies_until = clock.now() + (of.overlapMs ?? 0);
      await moveKey.run(tx, {
        kid: row.kid,
        owner,
        slot: 'RETIRED',
        retired_at: clock.now(),
        signs_from: row.signs_from,
        verifies_until,
      });
    }
  }
}

/**
 * STANDBY becomes CURRENT, CURRENT becomes RETIRED and a new STANDBY is made; an owner without keys gets both. No verifier meets an
 * unknown key: each signs only after it has been published long enough, unless the old one has to end at once.
 */
export async function applyRotation(deps: Place, of: Rotation): Promise<Rotated> {
  const { clock, vault, tx } = deps;
  const { owner, fresh, overlapMs } = of;
  const [{ algorithm }] = fresh;
  // Two rotations at once would both move the same keys, into the same slots. The issuer has no row of its own to hold.
  await holdClient(tx, owner ?? DEFAULT_CLIENT);
  const rows = await listKeysOf(tx, owner);
  const standby = rows.find((row) => row.slot === 'STANDBY' && row.algorithm === algorithm);
  const known = clock.now() + PUBLISHED_FIRST_MS;
  await clearSlots(deps, rows, of);
  // A shared secret is published nowhere: there is nothing to wait for.
  const isSoon = overlapMs === null || of.signsAtOnce === true || algorithm === 'HS256';
  const signsFrom = isSoon ? 0 : (standby?.signs_from ?? known);
  if (standby) {
    const place = { slot: 'CURRENT', retired_at: null, signs_from: signsFrom, verifies_until: null } as const;
    await moveKey.run(tx, { kid: standby.kid, owner: owner ?? '', ...place });
  } else await fillSlot(deps, fresh[1], { owner, slot: 'CURRENT', signsFrom });
  await fillSlot(deps, fresh[0], { owner, slot: 'STANDBY', signsFrom: known });
  if (owner !== null && (overlapMs === null || rows.some((row) => row.sole === 1))) {
    await markSole.run(tx, { client_id: owner });
  }
  await deleteSpent.run(tx, { now: clock.now() });
  // Read back: a node of version 0.1.0 holds nobody, and may have filled the slot first.
  const current = (await listKeysOf(tx, owner)).find((row) => row.slot === 'CURRENT' && row.algorithm === algorithm);
  if (!current) throw new Error('a rotation left its owner without a current key');
  return {
    kid: current.kid,
    algorithm,
    retired: rows.find((row) => row.slot === 'CURRENT')?.kid ?? null,
    sharedSecret: algorithm === 'HS256' ? vault.open(SEAL_PURPOSE, current.private_sealed) : null,
  };
}

/** Rotates the issuer's own keys and returns the kid of the new CURRENT. */
export async function rotateSigningKeys(deps: RotateDeps): Promise<string> {
  const { clock, vault, database } = deps;
  const fresh = await generateKeys('ES256');
  return database.write(async (tx) => {
    const overlapMs = deps.longestTokenTtlMs + MARGIN_MS;
    const { kid, retired } = await applyRotation({ clock, vault, tx }, { owner: null, fresh, overlapMs });
    const target = { type: 'signing_key', id: kid };
    await deps.announce(tx, operatorEvent({ name: 'signing_key_rotated', target, metadata: { retired } }));
    return kid;
  });
}
