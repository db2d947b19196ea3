import type { Clock } from '../../platform/clock/index.ts';
import type { Database } from '../../platform/database/index.ts';
import { callerSecret, hashSecret, parseCallerSecret, randomSecret, sameSecret } from '../../platform/secrets/index.ts';
import { findUser, type User } from '../users/index.ts';
import { isOver } from './rotation-policy.ts';
import { findSessionOfAnyClient, touchSession } from './store.ts';
import type { SessionsTable } from './tables.ts';

const KIND = 'ps';
/** Last use is shown to people by the minute: writing it on every page would cost a disk flush each. */
const TOUCH_AFTER_MS = 60_000;

/** The cookie of a hosted-page session: not rotated, because pages load side by side; bound to this origin and unreadable by scripts. */
export function mintPageCookie(sessionId: string): { token: string; hash: string } {
  const secret = randomSecret();
  return { token: callerSecret({ kind: KIND, id: sessionId, secret }), hash: hashSecret(secret) };
}

/** Seconds a page cookie may live: as long as its session. */
export function pageSessionLifeSeconds(session: { expiresAt: number }, now: number): number {
  return Math.max(0, Math.floor((session.expiresAt - now) / 1000));
}

/** The session and user behind a page cookie, or null when it is nobody's or over. */
export async function findPageSession(
  deps: { clock: Clock; database: Database },
  cookie: string | null,
): Promise<{ session: SessionsTable; user: User } | null> {
  const presented = cookie === null ? null : parseCallerSecret(KIND, cookie);
  const row = presented && (await findSessionOfAnyClient.first(deps.database.read, { id: presented.id }));
  if (!presented || !row?.page_hash || !sameSecret(hashSecret(presented.secret), row.page_hash)) return null;
  const now = deps.clock.now();
  const { ended_at: endedAt, expires_at: expiresAt, last_used_at: lastUsedAt, idle_ttl_ms: idleTtlMs } = row;
  if (isOver({ now, endedAt, expiresAt, lastUsedAt, idleTtlMs })) return null;
  const user = await findUser(deps.database.read, { clientId: row.client_id, id: row.user_id });
  if (user?.status !== 'active') return null;
  if (now - lastUsedAt > TOUCH_AFTER_MS) {
    await deps.database.write((tx) => touchSession.run(tx, { id: row.id, client_id: row.client_id, now }));
  }
  return { session: row, user };
}
