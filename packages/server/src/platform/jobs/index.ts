/**
 * Jobs: work that must happen after an answer (mail, deliveries, housekeeping). A job is a row written in the same transaction
 * as its cause, so it exists exactly when the cause does. Workers lease a job, run it, and delete it; a failure is retried
 * with growing pauses, and after the last attempt the job stays as `failed` for somebody to look at.
 * A job may run twice when a worker dies after its work and before the deletion: handlers tolerate that.
 */
export { createJobs, type Jobs, type JobsDeps } from './create-jobs.ts';
export { retryDelayMs } from './retry-policy.ts';
