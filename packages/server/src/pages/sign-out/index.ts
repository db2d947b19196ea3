/** Signing out: a page that asks and changes nothing, and the form on it that ends the session (O-262, T-064). */
export { signOutRoutes } from './routes.ts';
