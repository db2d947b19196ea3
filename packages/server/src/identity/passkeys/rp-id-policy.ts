/** Lower case without trailing dots; null when it is not a bare host name. */
export function normaliseRpId(text: string): string | null {
  const host = text.trim().toLowerCase().replace(/\.+$/, '');
  return /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(host) && !host.includes('..') ? host : null;
}

const ADDRESS = /^[\d.]+$/;

/** Whether pages of `host` may use passkeys of `rpId`: the same host, or a parent domain of it (WebAuthn Level 3 §5.1.2). */
export function mayUseRpId(host: string, rpId: string): boolean {
  if (host === rpId) return true;
  // Hosts like `localhost`, addresses and top-level domains have no domains below them that could share a passkey.
  const isDomain = rpId.includes('.') && !ADDRESS.test(rpId) && !ADDRESS.test(host);
  return isDomain && host.endsWith(`.${rpId}`);
}

export interface RpIdFacts {
  /** The page the ceremony runs on. */
  origin: string;
  /** What the request asked for. */
  requested: string | undefined;
  clientSetting: string | undefined;
  configured: string | null;
  issuer: string;
}

/**
 * The RP ID of a ceremony (D12): the requested one if the page may use it, else the first of client setting, configuration and issuer host
 * that it may use. Null when the page may use none.
 */
export function chooseRpId(facts: RpIdFacts): string | null {
  const host = new URL(facts.origin).hostname;
  if (facts.requested !== undefined) {
    const requested = normaliseRpId(facts.requested);
    return requested !== null && mayUseRpId(host, requested) ? requested : null;
  }
  const candidates = [facts.clientSetting, facts.configured, new URL(facts.issuer).hostname, host];
  return candidates.find((candidate): candidate is string => !!candidate && mayUseRpId(host, candidate)) ?? null;
}
