import type { Clock } from '../../platform/clock/index.ts';
import type { Database } from '../../platform/database/index.ts';
import type { Announce, RequestFacts } from '../../platform/events/index.ts';
import { endSessionRow, endSessionRows } from './store.ts';

export interface EndDeps {
  clock: Clock;
  database: Database;
  announce: Announce;
}

export interface OwnSessions {
  clientId: string;
  userId: string;
  request: RequestFacts;
}

/** Ends one session of a user (`logout` by its holder, `revoked` from a list); false when the user has no such session. */
export function endSession(
  deps: EndDeps,
  input: OwnSessions & { id: string; reason: 'logout' | 'revoked' },
): Promise<boolean> {
  const { clientId, userId, id, reason, request } = input;
  return deps.database.write(async (tx) => {
    const of = { id, client_id: clientId, user_id: userId };
    const ended = await endSessionRow(tx, { ...of, now: deps.clock.now(), reason });
    if (!ended) return false;
    const name = reason === 'logout' ? 'logout_success' : 'session_revoked';
    await deps.announce(tx, { name, clientId, userId, target: { type: 'session', id }, request });
    return true;
  });
}

/** Ends every session of a user, but for `except` when given; returns how many. */
export function endSessions(deps: EndDeps, input: OwnSessions & { except?: string; reason: string }): Promise<number> {
  const { clientId, userId, except = '', reason, request } = input;
  return deps.database.write(async (tx) => {
    const of = { client_id: clientId, user_id: userId, except };
    const ended = await endSessionRows(tx, { ...of, now: deps.clock.now(), reason });
    if (ended > 0)
      await deps.announce(tx, { name: 'sessions_revoked', clientId, userId, metadata: { ended, reason }, request });
    return ended;
  });
}
