import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import type { Clock } from '../../platform/clock/index.ts';
import type { Database } from '../../platform/database/index.ts';
import type { Vault } from '../../platform/secrets/index.ts';
import { SEAL_PURPOSE } from './ensure-signing-keys.ts';
import type { PublicJwk, SigningKey } from './signing-key.ts';
import { listIssuerKeys } from './store.ts';
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
  /** The key that signs now. */
  current(): Promise<SigningKey>;
  /** The key with this id if it still verifies, else null. */
  find(kid: string): Promise<SigningKey | null>;
  published(): Promise<PublishedKeys>;
}

interface KeyRing {
  keys: Map<string, SigningKey>;
  current: SigningKey;
  published: PublishedKeys;
  readAt: number;
}

/** A rotation made by another process is in effect here after this long at the most. */
const FRESH_MS = 5_000;
/** An unknown kid makes us look again, but a storm of them must not become a storm of queries (T-089). */
const SOONEST_MS = 1_000;

function readKey(vault: Vault, row: SigningKeysTable): SigningKey {
  const privateKey = createPrivateKey(vault.open(SEAL_PURPOSE, row.private_sealed));
  const publicJwk = JSON.parse(row.public_jwk) as PublicJwk;
  const { kid, algorithm, slot } = row;
  return { kid, algorithm, slot, publicJwk, privateKey, publicKey: createPublicKey(privateKey) };
}

async function readRing({ clock, database, vault }: SigningKeysDeps, before: KeyRing | null): Promise<KeyRing> {
  const readAt = clock.now();
  const rows = await listIssuerKeys.all(database.read, {});
  // Opening and parsing a key costs far more than reading its row: those at hand only take over the new slot.
  const keys = rows.map((row) => {
    const known = before?.keys.get(row.kid);
    return known ? { ...known, slot: row.slot } : readKey(vault, row);
  });
  const current = keys.find((key) => key.slot === 'CURRENT');
  if (!current) throw new Error('the database holds no signing key; run gatehouse init');
  const body = JSON.stringify({ keys: keys.map((key) => key.publicJwk) });
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  return { keys: new Map(keys.map((key) => [key.kid, key])), current, published: { body, etag }, readAt };
}

/** The keys in force, read anew every few seconds so that a rotation anywhere takes effect on every node. */
export function createSigningKeys(deps: SigningKeysDeps): SigningKeys {
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
  const notOlderThan = async (ageMs: number): Promise<KeyRing> => {
    const age = ring ? deps.clock.now() - ring.readAt : Number.POSITIVE_INFINITY;
    return ring && age >= 0 && age < ageMs ? ring : read();
  };
  return {
    current: async () => (await notOlderThan(FRESH_MS)).current,
    find: async (kid) => {
      const known = (await notOlderThan(FRESH_MS)).keys.get(kid);
      return known ?? (await notOlderThan(SOONEST_MS)).keys.get(kid) ?? null;
    },
    published: async () => (await notOlderThan(FRESH_MS)).published,
  };
}
