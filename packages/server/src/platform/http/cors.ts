import type { Route } from './route.ts';

/**
 * Says whether pages of `origin` may call the API, asked on every request that carries a foreign Origin: `registered` by name,
 * `anyone` because every origin is let in (development), or null.
 */
export type IsOriginAllowed = (origin: string) => Promise<'registered' | 'anyone' | null>;

export interface CorsInput {
  origin: string;
  cors: NonNullable<Route['cors']>;
  methods: string;
}

const ALLOWED_HEADERS = 'Authorization, Content-Type, X-API-Key, X-Step-Up-Token';

/**
 * The CORS headers for a request from `origin` (Fetch §3.2): the exact origin echoed when it is registered, credentials only
 * where a cookie carries the refresh token, and never `*` together with credentials.
 */
export async function corsHeaders(input: CorsInput, isAllowed: IsOriginAllowed): Promise<Record<string, string>> {
  const { origin, cors, methods } = input;
  if (cors === 'nobody') return {};
  const common = {
    'access-control-allow-methods': methods,
    'access-control-allow-headers': ALLOWED_HEADERS,
    'access-control-expose-headers': 'X-Request-Id, Retry-After',
    'access-control-max-age': '600',
    'cross-origin-resource-policy': 'cross-origin',
  };
  if (cors === 'anybody') return { 'access-control-allow-origin': '*', ...common };
  const allowed = await isAllowed(origin);
  if (allowed === null) return {};
  // An open door never comes with cookies (Fetch §3.2.5).
  if (allowed === 'anyone') return { 'access-control-allow-origin': '*', ...common };
  const credentials = cors === 'cookies' ? { 'access-control-allow-credentials': 'true' } : {};
  return { 'access-control-allow-origin': origin, ...common, ...credentials };
}
