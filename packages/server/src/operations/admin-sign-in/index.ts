/**
 * Sign-in of administrators: a password and then a second factor, always. What comes out is a token of its own kind (`admin+jwt`),
 * good on administration routes only, and a row that can be ended: signing out, suspension and removal count with the next
 * request. An invitation is accepted here too: a password of one's own, and an authenticator app that has shown a first code.
 */
export {
  type AcceptDeps,
  confirmAcceptance,
  showAcceptance,
  showInvitation,
  startAcceptance,
} from './accept-invitation.ts';
export { writeChallenge } from './challenge.ts';
export { createAdminSignIn } from './create-admin-sign-in.ts';
export { refusals as adminSignInRefusals } from './errors.ts';
export { proveFirstCode } from './prove-first-code.ts';
export type { AdminSignInRoutesDeps } from './routes.ts';
export { noteFailure, type StartSignInDeps } from './start-sign-in.ts';
export {
  endOtherSessions,
  endSessionsOf,
  findPending,
  forgetExpired,
  forgetPending,
  holdOpenSession,
  takeChallenge,
} from './store.ts';
export type { AdminSessionCaller } from './verify-admin-token.ts';
