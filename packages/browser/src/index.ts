/**
 * Signs people in to a web page: e-mail codes, passkeys, and a session that refreshes itself.
 *
 * Promises: all tabs of an origin share one session and never race for its refresh token; only the server's word that
 * the session is over signs anybody out, never a network failure; sign-in resolves when the user is loaded.
 */
export type { GatehouseClient, GatehouseOptions } from './client.ts';
export { createGatehouse } from './client.ts';
export type { EmailSignIn } from './email.ts';
export type { Environment, EnvironmentEvent, Locks, SessionStorage } from './environment.ts';
export type { AuthenticateOptions, Passkeys, RegisterOptions } from './passkey.ts';
export type { GatehouseSdkErrorCode, GatehouseSdkErrorDetails } from './sdk-error.ts';
export { GatehouseSdkError } from './sdk-error.ts';
export type { SessionListener, SessionState, SessionStatus } from './session-state.ts';
export type { Me } from './storage.ts';
