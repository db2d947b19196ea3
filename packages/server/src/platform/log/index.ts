/**
 * The log: structured events on standard output. Owns the list of field names that may be logged.
 *
 * Promises that an event is one record whatever its fields hold, and that a field which is not on the list never leaves
 * the process: secrets are kept out by an allow-list, not by searching for them.
 */
export { createLog, type Log, type LogLevel, type LogOptions } from './create-log.ts';
export type { LogFields } from './fields.ts';
