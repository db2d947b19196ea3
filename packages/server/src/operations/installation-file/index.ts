/**
 * The installation as one file: what administrators set and every client, without keys and secrets, in an order that never changes. Reading
 * names every mistake by its line; a plan says what differs; applying it is one transaction. Used by the command only.
 */
export { type Applied, applyPlan } from './apply-plan.ts';
export type { InstallationDocument } from './document.ts';
export { type PlannedStep, planDocument } from './plan-policy.ts';
export { type FileProblem, readDocument } from './read-document.ts';
export { readInstallation } from './read-installation.ts';
export { writeDocument } from './write-document.ts';
