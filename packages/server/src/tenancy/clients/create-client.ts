import type { Clock } from '../../platform/clock/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import type { NewId } from '../../platform/ids/index.ts';
import { callerSecret, hashSecret, randomSecret } from '../../platform/secrets/index.ts';
import type { Client } from './client.ts';
import type { ClientSettings } from './client-settings.ts';
import { insertClient, insertKey } from './store.ts';

export interface NewClient {
  /** Chosen only for the default client; a new UUID otherwise. */
  id?: string;
  slug: string;
  name: string;
  settings?: ClientSettings;
}

const KINDS = { api_key: 'pk', client_secret: 'sk' } as const;

/** Writes a client and its two keys, which are shown here once and kept only as hashes. */
export async function createClient(
  deps: { clock: Clock; newId: NewId; tx: Tx },
  input: NewClient,
): Promise<{ client: Client; apiKey: string; clientSecret: string }> {
  const { clock, newId, tx } = deps;
  const now = clock.now();
  const client: Client = {
    id: input.id ?? newId(),
    slug: input.slug,
    name: input.name,
    status: 'active',
    settings: input.settings ?? {},
  };
  await insertClient.run(tx, {
    ...client,
    settings: JSON.stringify(client.settings),
    created_at: now,
    updated_at: now,
  });
  const mint = async (kind: keyof typeof KINDS): Promise<string> => {
    const id = newId();
    const secret = randomSecret();
    const row = { id, client_id: client.id, kind, secret_hash: hashSecret(secret), created_at: now, expires_at: null };
    await insertKey.run(tx, row);
    return callerSecret({ kind: KINDS[kind], id, secret });
  };
  return { client, apiKey: await mint('api_key'), clientSecret: await mint('client_secret') };
}
