/**
 * Clients: the tenants. A client is an isolated user pool with its own keys, origins and settings; every row that belongs
 * to somebody carries its id. This room says which client a request speaks for (D2), names and proves clients by their two kinds
 * of key (D3: `gh_pk_` only names and may stand in a browser, `gh_sk_` authenticates), and keeps the origins that browsers may call from.
 */
export { type ClientChange, changeClient } from './change-client.ts';
export {
  ADMINISTRATORS_CLIENT,
  ADMINISTRATORS_POOL,
  type Client,
  type ClientRecord,
  DEFAULT_CLIENT,
  type TokenMode,
} from './client.ts';
export { type KeyKind, rotateClientKey } from './client-keys.ts';
export { ClientSettings, checkSettings, mailBrandOf, readSettings } from './client-settings.ts';
export { createClient, type NewClient } from './create-client.ts';
export { type Clients, type ClientsDeps, createClients } from './create-clients.ts';
export { refusals as clientRefusals } from './errors.ts';
export { createClientGuards, hintsOf } from './guards.ts';
export { normaliseOrigin } from './origin-policy.ts';
export { addOrigin, deleteOrigin, type ListedOrigin, listOrigins, updateOrigin } from './origins.ts';
export { requireOwnOrigin } from './require-own-origin.ts';
export { slugOf } from './slug-policy.ts';
export { findRecord, holdClient, listRecords } from './store.ts';
