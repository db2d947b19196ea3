import { writeCookie } from '../../platform/http/index.ts';

const YEAR_SECONDS = 31_536_000;

/** The cookies of the pages, by what they carry. */
export interface PageCookies {
  session: string;
  flow: string;
  locale: string;
}

/**
 * `__Host-` keeps a sibling domain from planting a cookie; browsers take it only with Secure, which plain http, and so
 * development, cannot have.
 */
export function cookieNames(issuer: string): PageCookies {
  const prefix = issuer.startsWith('https://') ? '__Host-' : '';
  return { session: `${prefix}gatehouse_session`, flow: `${prefix}gatehouse_flow`, locale: 'locale' };
}

/** A cookie of the pages; absent `maxAgeSeconds` keeps it until the browser closes. */
export function pageCookie(issuer: string, cookie: { name: string; value: string; maxAgeSeconds?: number }): string {
  return writeCookie({ path: '/', secure: issuer.startsWith('https://'), sameSite: 'Lax', ...cookie });
}

/** Remembers the language a person chose. */
export function localeCookie(issuer: string, language: string): string {
  return pageCookie(issuer, { name: 'locale', value: language, maxAgeSeconds: YEAR_SECONDS });
}
