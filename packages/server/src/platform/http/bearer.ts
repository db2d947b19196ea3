import type { RawRequest } from './route.ts';

/** The bearer token of a request (RFC 6750 §2.1), or null; the query is never looked at. */
export function bearerOf(request: RawRequest): string | null {
  const header = request.headers.authorization;
  const match = typeof header === 'string' ? /^Bearer ([A-Za-z0-9._~+/=-]+)$/i.exec(header) : null;
  return match?.[1] ?? null;
}
