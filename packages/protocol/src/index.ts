/**
 * The wire: shapes, paths and error codes that the server and its clients share. No I/O, no rules.
 * Names are snake_case as on the wire; shapes with a title become components of the OpenAPI document.
 */

export * from './administrators.ts';
export * from './audit-events.ts';
export * from './clients.ts';
export * from './errors.ts';
export * from './event-names.ts';
export * from './passkeys.ts';
export * from './sessions.ts';
export * from './shapes.ts';
export * from './sign-in.ts';
export * from './system-config.ts';
export * from './ui-config.ts';
export * from './user-administration.ts';
export * from './webhooks.ts';
