import type { Clock } from '../../platform/clock/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import type { NewId } from '../../platform/ids/index.ts';
import type { Client, TokenMode } from './client.ts';
import { type KeyKind, mintKey } from './client-keys.ts';
import type { ClientSettings } from './client-settings.ts';
import { insertClient, insertOrigin } from './store.ts';

export interface NewClient {
  /** Chosen only for the clients every installation has, and when one is taken over from another; a new UUID otherwise. */
  id?: string;
  slug: string;
  name: string;
  settings?: ClientSettings;
  status?: Client['status'];
  webhookUrl?: string | null;
  tokenMode?: TokenMode;
  /** In normal form. */
  allowedOrigins?: readonly string[];
}

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
    status: input.status ?? 'active',
    settings: input.settings ?? {},
  };
  await insertClient.run(tx, {
    ...client,
    settings: JSON.stringify(client.settings),
    webhook_url: input.webhookUrl ?? null,
    token_mode: input.tokenMode ?? 'v2_jwks',
    created_at: now,
    updated_at: now,
  });
  for (const origin of input.allowedOrigins ?? []) {
    await insertOrigin.run(tx, { id: newId(), client_id: client.id, origin, created_at: now });
  }
  const mint = (kind: KeyKind) => mintKey(deps, { clientId: client.id, kind });
  return { client, apiKey: await mint('api_key'), clientSecret: await mint('client_secret') };
}
