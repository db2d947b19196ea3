import type { Guard, RawRequest } from '../../platform/http/index.ts';
import type { Client } from './client.ts';
import type { ClientHints, Clients } from './create-clients.ts';

declare module '../../platform/http/route.ts' {
  interface Callers {
    /** Anybody who speaks for a client (D2). */
    client: { client: Client };
    /** Anybody, on the direct paths of the default client. */
    direct: { client: Client };
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** What a request says about its client: key, `client_id` in query or body, origin. */
export function hintsOf(
  request: Pick<RawRequest, 'headers'> & { query: { client_id?: string }; body?: unknown },
): ClientHints {
  const body =
    typeof request.body === 'object' && request.body !== null ? (request.body as Record<string, unknown>) : {};
  return {
    apiKey: text(request.headers['x-api-key']),
    clientId: text(request.query.client_id) ?? text(body.client_id),
    origin: text(request.headers.origin),
  };
}

export function createClientGuards(clients: Clients): {
  client: Guard<{ client: Client }>;
  direct: Guard<{ client: Client }>;
} {
  return {
    client: async (request) => ({ client: (await clients.named(hintsOf(request))) ?? (await clients.standard()) }),
    direct: async () => ({ client: await clients.standard() }),
  };
}
