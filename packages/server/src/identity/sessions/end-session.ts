import type { Clock } from '../../platform/clock/index.ts';
import type { Database, Tx } from '../../platform/database/index.ts';
import type { Announce, Event, RequestFacts } from '../../platform/events/index.ts';
import { endClientRows, endSessionRow, endSessionRows } from './store.ts';

export interface EndDeps {
  clock: Clock;
  database: Database;
  announce: Announce;
}

export interface OwnSessions {
  clientId: string;
  userId: string;
  /** Who ends them, where it is not the user. */
  actor?: NonNullable<Event['actor']>;
  request: RequestFacts;
}

/** Ends one session of a user (`logout` by its holder, `revoked` from a list); false when the user has no such session. */
export function endSession(
  deps: EndDeps,
  input: OwnSessions & { id: string; reason: 'logout' | 'revoked' },
): Promise<boolean> {
  const { clientId, userId, id, reason, actor, request } = input;
  return deps.database.write(async (tx) => {
    const of = { id, client_id: clientId, user_id: userId };
    const ended = await endSessionRow(tx, { ...of, now: deps.clock.now(), reason });
    if (!ended) return false;
    const name = reason === 'logout' ? 'logout_success' : 'session_revoked';
    const by = { clientId, userId, ...(actor && { actor }), request };
    await deps.announce(tx, { name, ...by, target: { type: 'session', id } });
    return true;
  });
}

type EndAll = OwnSessions & { except?: string; reason: string };

/** Ends every session of a user, but for `except` when given, in the caller's transaction; returns how many. */
export async function endSessionsIn(deps: Omit<EndDeps, 'database'> & { tx: Tx }, input: EndAll): Promise<number> {
  const { clientId, userId, except = '', reason, actor, request } = input;
  const of = { client_id: clientId, user_id: userId, except };
  const ended = await endSessionRows(deps.tx, { ...of, now: deps.clock.now(), reason });
  const by = { clientId, userId, ...(actor && { actor }), request };
  if (ended > 0) await deps.announce(deps.tx, { name: 'sessions_revoked', ...by, metadata: { ended, reason } });
  return ended;
}

/** Ends every session of a user, but for `except` when given; returns how many. */
export function endSessions(deps: EndDeps, input: EndAll): Promise<number> {
  return deps.database.write((tx) => endSessionsIn({ ...deps, tx }, input));
}

/** Ends every session of all users of a client; returns how many. */
export function endSessionsOfClient(
  deps: EndDeps,
  input: { clientId: string; actor: NonNullable<Event['actor']>; request: RequestFacts },
): Promise<number> {
  const { clientId, actor, request } = input;
  return deps.database.write(async (tx) => {
    const ended = await endClientRows(tx, { client_id: clientId, now: deps.clock.now(), reason: 'revoked' });
    const target = { type: 'client', id: clientId };
    await deps.announce(tx, { name: 'client_sessions_revoked', clientId, actor, target, metadata: { ended }, request });
    return ended;
  });
}
