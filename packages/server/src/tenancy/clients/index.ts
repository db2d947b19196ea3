/**
 * Clients: the tenants. A client is an isolated user pool with its own keys, origins and settings; every row that belongs
 * to somebody carries its id. This room says which client a request speaks for (D2), names and proves clients by their two kinds
 * of key (D3: `gh_pk_` only names and may stand in a browser, `gh_sk_` authenticates), and keeps the origins that browsers may call from.
 */
export { ADMINISTRATORS_CLIENT, type Client, DEFAULT_CLIENT } from './client.ts';
export { type ClientSettings, readSettings } from './client-settings.ts';
export { createClient } from './create-client.ts';
export { type Clients, type ClientsDeps, createClients } from './create-clients.ts';
export { refusals as clientRefusals } from './errors.ts';
export { createClientGuards, hintsOf } from './guards.ts';
export { normaliseOrigin } from './origin-policy.ts';
export { addOrigin, deleteOrigin, type ListedOrigin, listOrigins, updateOrigin } from './origins.ts';
export { requireOwnOrigin } from './require-own-origin.ts';
