import { httpRefusals, type RawRequest } from '../../platform/http/index.ts';
import type { Client } from './client.ts';
import type { Clients } from './create-clients.ts';

/**
 * Refuses a request that a page of somebody else's made with the user's cookie (T-060): only the server's own origin and the
 * client's registered ones may, and a request that does not say where it comes from may not. Browsers send Origin on every POST.
 */
export async function requireOwnOrigin(
  clients: Clients,
  client: Client,
  headers: RawRequest['headers'],
): Promise<void> {
  const { origin } = headers;
  if (typeof origin === 'string' && origin !== 'null' && (await clients.isOriginOf(client, origin))) return;
  throw httpRefusals.cross_site_request();
}
