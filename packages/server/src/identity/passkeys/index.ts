/**
 * Passkeys: WebAuthn Level 3 ceremonies, discoverable credentials, and the keys each user keeps. The library verifies a response; this room
 * adds what it leaves to us (D12): cross-origin ceremonies are refused, the user handle must be the owner's, the backup-eligible
 * bit may not change, weak keys are refused. A challenge is taken before anything is verified, so no response is ever looked at twice.
 */
export { type BeginDeps, beginAuthentication, beginRegistration, type Ceremony } from './begin-ceremony.ts';
export { refusals as passkeyRefusals } from './errors.ts';
export {
  type FinishAuthenticationDeps,
  finishAuthentication,
  type ProvePasskeyDeps,
  provePasskey,
} from './finish-authentication.ts';
export { type FinishRegistrationDeps, finishRegistration } from './finish-registration.ts';
export { deletePasskey, listPasskeys, renamePasskey } from './manage-passkeys.ts';
export type { Passkey } from './passkey.ts';
export { type PasskeyRules, requireRecentSignIn } from './passkey-rules.ts';
export { type PasskeyRoutesDeps, passkeyRoutes } from './routes.ts';
export { deletePasskeysOf, forgetExpired, listRpIds } from './store.ts';
