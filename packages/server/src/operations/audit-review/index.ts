/**
 * The audit log as people work with it: search, export as a stream, legal hold, purge of what has been kept long enough, and the proofs
 * of the transparency log. A search sees sealed events only, and seals first, so that it never misses what was just done.
 */
export { exportEvents } from './export-events.ts';
export { readFilter } from './filter.ts';
export { purgeEvents } from './purge-events.ts';
export { auditRoutes } from './routes.ts';
