/**
 * System configuration: the settings that an administrator changes while the server runs (R483–R486, D19). The environment fills what
 * nobody touched; what an administrator set wins over it until it is given back. Checked as a whole, in force at once on the node that wrote it
 * and within two seconds on the others, and never such that nobody could sign in any more. It holds no secret.
 */
export { type BootValues, bootValues } from './boot-values.ts';
export { changeConfig, readSet } from './change-config.ts';
export { type ConfigSnapshot, createSystemConfig, type RuntimeConfig } from './create-system-config.ts';
export {
  liveBrand,
  liveCodeRules,
  liveLockout,
  livePasskeyRules,
  liveRateLimits,
  liveRetention,
  liveSessionRules,
} from './live-values.ts';
export type { AdministratorAccess, LockOutFacts } from './lock-out-policy.ts';
export { createLoginMethods, type LoginMethods } from './login-methods.ts';
export { flatten as flattenConfig } from './settings.ts';
