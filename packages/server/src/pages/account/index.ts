/**
 * The account page: what a person sees and changes of themselves. Adding and removing a passkey asks for a fresh sign-in
 * (W-39); where that is missing the page says so in a sentence with the link that leads there.
 */
export { accountRoutes } from './routes.ts';
