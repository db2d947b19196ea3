import type { RawRequest } from './route.ts';

/** The bearer token of a request (RFC 6750 §2.1), or null; the query is never looked at. */
export function bearerOf(request: RawRequest): string | null {
  const header = request.headers.authorization;
  const match = typeof header === 'string' ? /^Bearer ([A-Za-z0-9._~+/=-]+)$/i.exec(header) : null;
  return match?.[1] ?? null;
}

/** A cookie to set (RFC 6265bis). Always HttpOnly: no script of ours reads one. */
export interface Cookie {
  name: string;
  value: string;
  path: string;
  secure: boolean;
  sameSite: 'Strict' | 'Lax' | 'None';
  domain?: string | undefined;
  /** Seconds; 0 deletes the cookie; absent keeps it for the browser session. */
  maxAgeSeconds?: number;
}

/** Writes a Set-Cookie value. The value must be a token of URL-safe characters, which all of ours are. */
export function writeCookie(cookie: Cookie): string {
  const parts = [`${cookie.name}=${cookie.value}`, `Path=${cookie.path}`, 'HttpOnly', `SameSite=${cookie.sameSite}`];
  if (cookie.secure) parts.push('Secure');
  if (cookie.domain) parts.push(`Domain=${cookie.domain}`);
  if (cookie.maxAgeSeconds !== undefined) parts.push(`Max-Age=${cookie.maxAgeSeconds}`);
  return parts.join('; ');
}

const LONGEST_HEADER = 8192;

/**
 * Reads the cookie `name`. Null when it is absent or sent twice: a second one was planted by a sibling domain, and no
 * rule says which of them is ours (T-057).
 */
export function readCookie(header: string | undefined, name: string): string | null {
  if (!header || header.length > LONGEST_HEADER) return null;
  const found = header
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`));
  const only = found.length === 1 ? found[0] : undefined;
  return only === undefined ? null : only.slice(name.length + 1);
}
