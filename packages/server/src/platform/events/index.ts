/**
 * Events: what happened, announced inside the transaction in which it happened.
 * A lower floor announces; whoever listens (the audit log, webhooks) was introduced by `server.ts`. A listener writes in the same
 * transaction, so an act without its record cannot exist.
 */
import type { EventName } from '@gatehouse/protocol';
import type { Tx } from '../database/index.ts';

export { type Changes, changesOf } from './changes.ts';

/** Where a request came from, as far as the server believes it. */
export interface RequestFacts {
  requestId: string;
  ip: string;
  userAgent: string;
}

/** One fact; `metadata` holds nothing secret. */
export interface Event {
  name: EventName;
  clientId: string;
  userId?: string | null;
  /** Who did it; the user themselves when absent. */
  actor?: { type: string; id: string | null };
  /** What it was done to; the user when absent. */
  target?: { type: string; id: string };
  metadata?: Record<string, unknown>;
  request: RequestFacts;
}

export type EventListener = (tx: Tx, events: readonly Event[]) => Promise<void>;

/** Announces what happened, in that order; resolves when every listener has written. */
export type Announce = (tx: Tx, ...events: readonly Event[]) => Promise<void>;

export interface Events {
  announce: Announce;
  listen(listener: EventListener): void;
}

export function createEvents(): Events {
  const listeners: EventListener[] = [];
  return {
    announce: async (tx, ...events) => {
      for (const listener of listeners) await listener(tx, events);
    },
    listen: (listener) => {
      listeners.push(listener);
    },
  };
}

/**
 * Under whose id facts about the installation as a whole are kept: the pool of those who administer it. No product's administrator reaches
 * it, and no product's webhook is told.
 */
export const INSTALLATION = 'administrators';

/** Who does something, and from where. */
export type Originator = Pick<Event, 'request'> & { actor: NonNullable<Event['actor']> };

/** The operator at the command line. */
export const operator: Originator = {
  actor: { type: 'operator', id: null },
  request: { requestId: '', ip: '', userAgent: 'command line' },
};

/** What an operator did at the command line. */
export function operatorEvent(
  act: Pick<Event, 'name' | 'metadata'> & { target: NonNullable<Event['target']>; clientId?: string },
): Event {
  return { clientId: INSTALLATION, ...operator, ...act };
}
