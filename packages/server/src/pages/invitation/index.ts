/**
 * The pages on which an invitation to administer is accepted: a password, an authenticator app, a first code. Looking at a link spends
 * nothing (D11), and the token leaves the address before anything is shown (T-042): it stays in the browser's sealed flow.
 */
export { invitationRoutes } from './routes.ts';
