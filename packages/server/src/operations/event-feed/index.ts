/**
 * The event feed: sealed events in their sequence, and the form in which they leave the house. The sequence of the transparency log is
 * gapless and never reordered, so whoever reads it from a place of their own misses nothing: it is the outbox of webhooks and log streams,
 * and costs writers nothing.
 */

export { listEventsOfUser } from './events-of-user.ts';
export { type OutgoingEvent, presentSealed } from './present-event.ts';
export { findSealed, readSealed, type SealedEvent, startOf } from './read-sealed.ts';
