import { httpRefusals, type RawRequest } from '../../platform/http/index.ts';
import { sameSecret, type Vault } from '../../platform/secrets/index.ts';
import type { Flow } from './flow.ts';

const PURPOSE = 'page-form';

/** The token that every form of this browser carries: only the server can make it, and only from this browser's secret. */
export function formToken(vault: Vault, flow: Flow): string {
  return vault.mac(PURPOSE, flow.secret);
}

function tokenIn({ headers, body }: RawRequest): string {
  const inForm = typeof body === 'object' && body !== null ? (body as Record<string, unknown>).csrf : undefined;
  const token = headers['x-csrf-token'] ?? inForm;
  return typeof token === 'string' ? token : '';
}

/** Old browsers say nothing about where a form came from: then the token alone decides. */
function isFromOurPage(headers: RawRequest['headers'], issuer: string): boolean {
  const { origin, 'sec-fetch-site': site } = headers;
  return (
    (origin === undefined || origin === issuer) && (site === undefined || site === 'same-origin' || site === 'none')
  );
}

/** Refuses a form that another page sent, or that was drawn for another browser (T-060, T-061). Reading needs no token. */
export function requireOwnForm(deps: { issuer: string; vault: Vault }, request: RawRequest, flow: Flow): void {
  if (request.method === 'GET' || request.method === 'HEAD') return;
  const token = tokenIn(request);
  const ours = [deps.vault.mac(PURPOSE, flow.secret), ...deps.vault.previousMacs(PURPOSE, flow.secret)];
  if (!isFromOurPage(request.headers, deps.issuer) || !ours.some((mac) => sameSecret(mac, token)))
    throw httpRefusals.cross_site_request();
}
