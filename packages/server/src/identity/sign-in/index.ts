/**
 * Sign-in: the ladder every way in climbs, and its last rung. A room that proves something about a person (a code, a passkey)
 * ends by completing a step here; only this room starts sessions for people.
 */

export type { SignInMethod } from './assurance-policy.ts';
export { type CompleteStepDeps, completeStep } from './complete-step.ts';
export type { Action, State } from './steps.ts';
