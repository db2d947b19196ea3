/**
 * Administration of a client's users: to find, make, change, suspend, unlock and delete them, to end their sessions, and to hand one person
 * all that is kept about them. Everything is asked for by client and id together, so that a foreign user is as absent as one who never was.
 */
export { userAdministrationRoutes } from './routes.ts';
