/**
 * Witnesses: places outside the database that keep signed checkpoints, so that whoever may change the database cannot also change what
 * it is compared with. Each is sent the newest checkpoint every minute in which the log grew, by whichever node gets there first.
 */
export { createWitnessing, type Witnessing } from './create-witnessing.ts';
export { witnessRoutes } from './routes.ts';
