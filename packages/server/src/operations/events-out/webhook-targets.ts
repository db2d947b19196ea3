import {
  checkAddress,
  createSafeFetch,
  FetchRefusal,
  type Resolve,
  type SafeFetch,
} from '../../platform/fetch/index.ts';

export interface TargetSettings {
  timeoutSeconds: number;
  /** Private networks that webhooks may be sent to. */
  allowedNetworks: readonly string[];
  /** Ports that webhooks may be sent to, or `any`. */
  allowedPorts: readonly string[];
}

const SECOND = 1000;
const MOST_BYTES = 262_144;

/** Where webhooks may go: a check for addresses as they are named, and the fetch that holds to it whenever something is sent. */
export function createWebhookTargets(
  settings: TargetSettings,
  resolve: Resolve | undefined,
): { checkUrl(url: string): void; fetch: SafeFetch } {
  const { allowedNetworks, allowedPorts, timeoutSeconds } = settings;
  const options = {
    allowPrivate: allowedNetworks,
    ports: allowedPorts.includes('any') ? ('any' as const) : allowedPorts.map(Number),
    timeoutMs: timeoutSeconds * SECOND,
    maxBytes: MOST_BYTES,
    ...(resolve && { resolve }),
  };
  const send = createSafeFetch(options);
  const checkUrl = (url: string) => {
    checkAddress(url, options);
    // Events name people: they travel unencrypted only where the operator has opened a network of their own.
    if (allowedNetworks.length === 0 && !url.startsWith('https:')) {
      throw new FetchRefusal('scheme_refused', 'Only https addresses are sent to.');
    }
  };
  const fetch: SafeFetch = async (url, request) => {
    checkUrl(url);
    return send(url, request);
  };
  return { checkUrl, fetch };
}
