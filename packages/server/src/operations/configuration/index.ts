/**
 * Configuration at run time, for administrators: what is in force and where it comes from, and changes to it that are checked as a whole and told
 * with both states. The rules are those of `tenancy/system-config`.
 */
export { type ConfigurationDeps, gatherLockOutFacts, writeConfig } from './change-config-as.ts';
export { configurationRoutes } from './routes.ts';
