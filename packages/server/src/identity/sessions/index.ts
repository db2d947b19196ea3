/**
 * Sessions: one sign-in on one device, from its start to its end, and the refresh token that carries it (D7, D8).
 * A refresh token is `gh_rt_<session>.<secret>`; the row holds hashes of the present one and of the one just replaced. Rotation is one
 * compare-and-swap. Presenting the replaced token within the grace window gives the same successor; presenting an older one, or the
 * replaced one too late, ends the session. Nothing else signs a user out. (RFC 9700 §4.14.2)
 */

export { endSession, endSessions, endSessionsIn, endSessionsOfClient } from './end-session.ts';
export { refusals as sessionRefusals } from './errors.ts';
export { createSessionGuards, type SessionCaller } from './guards.ts';
export { describeSessions, type LiveSession, listSessions } from './list-sessions.ts';
export { findPageSession, pageSessionLifeSeconds } from './page-session.ts';
export {
  type CookieRules,
  type PresentDeps,
  presentTokens,
  type Transport,
  transportOf,
} from './present-tokens.ts';
export { presentSession, type SessionRoutesDeps, sessionRoutes } from './routes.ts';
export type { SessionRules } from './session-rules.ts';
export { type StartedSession, startSession } from './start-session.ts';
export { forgetExpired } from './store.ts';
