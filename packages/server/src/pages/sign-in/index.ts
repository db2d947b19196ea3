/**
 * The sign-in pages: an address, a code, and passkeys where a script runs. The rungs are those of `identity/sign-in`; what is kept
 * between two of them stays in the browser's sealed flow. Nothing about an account shows before it is proven (D10).
 */
export { explainRefusal } from './explain-refusal.ts';
export { signInRoutes } from './routes.ts';
