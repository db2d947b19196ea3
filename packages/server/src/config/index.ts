/**
 * Configuration: the only reader of the environment. Owns the table of settings, from which the typed frozen object, the
 * checks and docs/configuration.md follow.
 *
 * Promises that all mistakes are reported together, each naming its variable and an example, and that no problem,
 * warning or error ever quotes a secret.
 */
export type { Config } from './config.ts';
export { ConfigError, type ConfigProblem } from './config-error.ts';
export { describeSettings } from './describe-settings.ts';
export { parseDuration } from './duration.ts';
export { type ConfigInput, loadConfig } from './load-config.ts';
export { isLoopbackHost } from './loopback-host.ts';
export { readProcessConfig, readSmtpPassword } from './read-process-config.ts';
export type { SettingKey } from './settings.ts';
