import type { WebhookEvent } from '@gatehouse/protocol';
import { presentEvent } from '../audit-log/index.ts';
import type { SealedEvent } from './read-sealed.ts';

/** An event as it leaves the house. The order of its members is part of the promise: the same event is always the same text. */
export type OutgoingEvent = WebhookEvent;

export function presentSealed(event: SealedEvent): OutgoingEvent {
  return { type: event.event_type, seq: event.seq, ...presentEvent(event) };
}
