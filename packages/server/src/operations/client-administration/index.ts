/**
 * Administration of clients: who is a tenant, under which name, from which pages, with which settings and keys. Whoever administers, at the API or
 * the command line, comes through the same use cases; each announces what it changed, with both states and no secret (R314).
 * Keys are shown once. A rotation leaves the old key an overlap, so that no request fails, or ends it at once.
 */
export { type AddedClient, addClient, prepareClient } from './add-client.ts';
export type { AdministrationDeps } from './administration-deps.ts';
export { changeClientAs, prepareChange } from './change-client-as.ts';
export { refusals as clientAdministrationRefusals } from './errors.ts';
export { presentClient } from './present-client.ts';
export { type KeyName, type RotateInput, rotateKeyOf } from './rotate-key-of.ts';
export { clientAdministrationRoutes } from './routes.ts';
