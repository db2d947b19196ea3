import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import type { Clock } from '../../platform/clock/index.ts';
import type { Database } from '../../platform/database/index.ts';
import type { Vault } from '../../platform/secrets/index.ts';
import { SEAL_PURPOSE } from './ensure-signing-keys.ts';
import { secretKeyOf } from './generate-key.ts';
import type { SigningKey } from './signing-key.ts';
import { isInForce, type KeyState, keyThatSigns } from './signing-key-policy.ts';
import { listKeys } from './store.ts';
import type { SigningKeysTable } from './tables.ts';

export interface SigningKeysDeps {
  clock: Clock;
  database: Database;
  vault: Vault;
}

/** The published set, ready to send. */
export interface PublishedKeys {
  body: string;
  etag: string;
}

export interface SigningKeys {
  /** The key that signs for a client now: its own, else the issuer's. */
  current(clientId?: string): Promise<SigningKey>;
  /** The key with this id if it still verifies tokens of this client, else null. */
  find(kid: string, clientId?: string): Promise<SigningKey | null>;
  /** The public keys of the installation, or those that tokens of one client can be signed by. */
  published(clientId?: string): Promise<PublishedKeys>;
  /** The public keys of the installation, when they are at hand and fresh. */
  publishedNow(): PublishedKeys | null;
  /** Reads anew at once, after a change made here. */
  refresh(): Promise<void>;
}

interface HeldKey extends KeyState {
  key: SigningKey;
  publicJwk: string;
}

interface KeyRing {
  keys: Map<string, HeldKey>;
  /** By owner; the issuer's under the empty name. */
  owners: Map<string, HeldKey[]>;
  /** Clients for whom the issuer's keys no longer speak. */
  sole: Set<string>;
  published: Map<string, PublishedKeys>;
  readAt: number;
}

/** A rotation made by another process is in effect here after this long at the most. */
const FRESH_MS = 5_000;
/** An unknown kid makes us look again, but a storm of them must not become a storm of queries (T-089). */
const SOONEST_MS = 1_000;
const ISSUER = '';

/** Opening and parsing a key costs far more than reading its row: it happens when the key is first used. */
function lazyKey(vault: Vault, row: SigningKeysTable): SigningKey {
  const { kid, algorithm, client_id: clientId } = row;
  let privateKey: KeyObject | null = null;
  let publicKey: KeyObject | null = null;
  const open = (): KeyObject => {
    const text = vault.open(SEAL_PURPOSE, row.private_sealed);
    return algorithm === 'HS256' ? secretKeyOf(text) : createPrivateKey(text);
  };
  return {
    kid,
    clientId,
    algorithm,
    get privateKey() {
      privateKey ??= open();
      return privateKey;
    },
    get publicKey() {
      publicKey ??= algorithm === 'HS256' ? this.privateKey : createPublicKey(this.privateKey);
      return publicKey;
    },
  };
}

async function readRing({ clock, database, vault }: SigningKeysDeps, before: KeyRing | null): Promise<KeyRing> {
  const readAt = clock.now();
  const ring: KeyRing = { keys: new Map(), owners: new Map(), sole: new Set(), published: new Map(), readAt };
  for (const row of await listKeys.all(database.read, {})) {
    const held: HeldKey = {
      key: before?.keys.get(row.kid)?.key ?? lazyKey(vault, row),
      publicJwk: row.public_jwk,
      algorithm: row.algorithm,
      slot: row.slot,
      retiredAt: row.retired_at,
      signsFrom: row.signs_from,
      verifiesUntil: row.verifies_until,
    };
    const owner = row.client_id ?? ISSUER;
    // Those everybody depends on are opened at once: a server with the wrong secret is to say so when it starts.
    if (owner === ISSUER) void held.key.privateKey;
    const siblings = ring.owners.get(owner);
    if (siblings) siblings.push(held);
    else ring.owners.set(owner, [held]);
    ring.keys.set(row.kid, held);
    if (row.sole === 1) ring.sole.add(owner);
  }
  return ring;
}

function signerOf(ring: KeyRing, clientId: string | undefined, now: number): SigningKey {
  const own = clientId === undefined ? undefined : ring.owners.get(clientId);
  const ready = own && keyThatSigns(own, now);
  // Where the issuer's keys no longer speak, a key that few know yet is still better than one that is refused.
  const alone = own && ring.sole.has(clientId ?? ISSUER) ? own.find((held) => held.slot === 'CURRENT') : null;
  const signer = ready ?? alone ?? keyThatSigns(ring.owners.get(ISSUER) ?? [], now);
  if (!signer) throw new Error('the database holds no signing key; run gatehouse init');
  return signer.key;
}

function verifierOf(ring: KeyRing, kid: string, of: { clientId: string | undefined; now: number }): SigningKey | null {
  const held = ring.keys.get(kid);
  if (!held || !isInForce(held, of.now)) return null;
  const { clientId } = held.key;
  // The key of one client vouches for nobody else's tokens, whatever they claim (T-078).
  const vouches = clientId === null ? !ring.sole.has(of.clientId ?? ISSUER) : clientId === of.clientId;
  return vouches ? held.key : null;
}

/** Puts a set together, once for each reading of the keys. */
function publish(ring: KeyRing, clientId: string | undefined): PublishedKeys {
  const own = clientId === undefined ? [] : (ring.owners.get(clientId) ?? []);
  const shared = clientId !== undefined && ring.sole.has(clientId) ? [] : (ring.owners.get(ISSUER) ?? []);
  const keys = clientId === undefined ? [...ring.keys.values()] : [...own, ...shared];
  const jwks = keys.filter((held) => held.algorithm !== 'HS256' && isInForce(held, ring.readAt));
  const body = `{"keys":[${jwks.map((held) => held.publicJwk).join(',')}]}`;
  const ready = { body, etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"` };
  ring.published.set(clientId ?? ISSUER, ready);
  return ready;
}

/** The keys in force, read anew every few seconds so that a rotation anywhere takes effect on every node. */
export function createSigningKeys(deps: SigningKeysDeps): SigningKeys {
  const { clock } = deps;
  let ring: KeyRing | null = null;
  let reading: Promise<KeyRing> | null = null;
  const read = (): Promise<KeyRing> => {
    reading ??= readRing(deps, ring)
      .then((fresh) => {
        ring = fresh;
        return fresh;
      })
      .finally(() => {
        reading = null;
      });
    return reading;
  };
  const held = (ageMs: number): KeyRing | null => {
    const age = ring ? clock.now() - ring.readAt : Number.POSITIVE_INFINITY;
    return age >= 0 && age < ageMs ? ring : null;
  };
  const notOlderThan = async (ageMs: number): Promise<KeyRing> => held(ageMs) ?? read();
  return {
    current: async (clientId) => signerOf(await notOlderThan(FRESH_MS), clientId, clock.now()),
    find: async (kid, clientId) => {
      const of = { clientId, now: clock.now() };
      const known = await notOlderThan(FRESH_MS);
      if (known.keys.has(kid)) return verifierOf(known, kid, of);
      return verifierOf(await notOlderThan(SOONEST_MS), kid, of);
    },
    published: async (clientId) => {
      const fresh = await notOlderThan(FRESH_MS);
      return fresh.published.get(clientId ?? ISSUER) ?? publish(fresh, clientId);
    },
    publishedNow: () => held(FRESH_MS)?.published.get(ISSUER) ?? null,
    refresh: async () => {
      // A read under way may have begun before the change.
      await reading;
      await read();
    },
  };
}
