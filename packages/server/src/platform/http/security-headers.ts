const RULES = {
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self'",
  'img-src': "'self' data:",
  'connect-src': "'self'",
  'form-action': "'self'",
  'frame-ancestors': "'none'",
  'base-uri': "'none'",
};

/** For what is no page: a browser that is made to show it lets it do nothing. */
const NO_PAGE = "default-src 'none'; frame-ancestors 'none'";

/** The Content-Security-Policy of pages of the house, with `changes` to single directives. */
export function contentSecurityPolicy(changes: Record<string, string> = {}): string {
  return Object.entries({ ...RULES, ...changes })
    .map(([directive, sources]) => `${directive} ${sources}`.trim())
    .join('; ');
}

/** What only a document heeds (O-019). */
const OF_PAGES = {
  'x-frame-options': 'DENY',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), publickey-credentials-get=(self)',
};

/** The headers of every answer, errors included. */
export function securityHeaders(issuer: string, { isPage = false }: { isPage?: boolean } = {}): Record<string, string> {
  const headers: Record<string, string> = {
    'content-security-policy': isPage ? contentSecurityPolicy() : NO_PAGE,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'no-store',
    ...(isPage && OF_PAGES),
  };
  if (issuer.startsWith('https://')) headers['strict-transport-security'] = 'max-age=31536000; includeSubDomains';
  return headers;
}
