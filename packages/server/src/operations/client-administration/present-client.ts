import type { ClientRecord } from '../../tenancy/clients/index.ts';

/** A client in the words of the wire. */
export function presentClient(client: ClientRecord) {
  return {
    id: client.id,
    name: client.name,
    slug: client.slug,
    status: client.status,
    allowed_origins: client.allowedOrigins,
    webhook_url: client.webhookUrl,
    token_mode: client.tokenMode,
    settings: client.settings as Record<string, unknown>,
    created_at: new Date(client.createdAt).toISOString(),
    updated_at: new Date(client.updatedAt).toISOString(),
  };
}

/** What events tell of a client: everything that can change. */
export function stateOf(client: ClientRecord) {
  const { created_at, updated_at, id, ...state } = presentClient(client);
  return state;
}
