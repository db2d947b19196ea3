/**
 * Outbound HTTP to addresses that a tenant or a stranger names. Owns the defence against server-side request forgery.
 *
 * Promises that no connection is made to anything but the public internet (unless allowed), that the address connected to
 * is the one that was checked, that no redirect is followed, and that time and size are bounded.
 */
export {
  checkAddress,
  createSafeFetch,
  type Resolve,
  type SafeFetch,
  type SafeFetchOptions,
  type SafeRequest,
  type SafeResponse,
} from './create-safe-fetch.ts';
export { FetchRefusal, type FetchRefusalCode } from './fetch-refusal.ts';
