import type { Clock } from '../../platform/clock/index.ts';
import type { Database } from '../../platform/database/index.ts';
import { describeDevice } from '../devices/index.ts';
import { isOver } from './rotation-policy.ts';
import { listAll, listLive } from './store.ts';
import type { SessionsTable } from './tables.ts';

/** One place where a user is signed in. */
export interface LiveSession {
  id: string;
  createdAt: number;
  expiresAt: number;
  lastUsedAt: number;
  amr: string[];
  device: string;
  ip: string;
}

async function present(row: SessionsTable): Promise<LiveSession> {
  return {
    id: row.id,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
    amr: row.amr.split(' '),
    device: await describeDevice(row.user_agent),
    ip: row.ip,
  };
}

/** Where a user is signed in now, oldest first. */
export async function listSessions(
  deps: { clock: Clock; database: Database },
  of: { clientId: string; userId: string },
): Promise<LiveSession[]> {
  const now = deps.clock.now();
  const rows = await listLive(deps.database.read, { client_id: of.clientId, user_id: of.userId, now });
  const live = rows.filter(({ expires_at: expiresAt, last_used_at: lastUsedAt, idle_ttl_ms: idleTtlMs }) => {
    return !isOver({ now, endedAt: null, expiresAt, lastUsedAt, idleTtlMs });
  });
  return Promise.all(live.map(present));
}

/** All that is kept about where a user signed in, also what is over; nothing secret. For the person it is about. */
export async function describeSessions(
  database: Database,
  of: { clientId: string; userId: string },
): Promise<(LiveSession & { endedAt: number | null; endReason: string | null; userAgent: string })[]> {
  const rows = await listAll(database.read, { client_id: of.clientId, user_id: of.userId });
  const told = (row: SessionsTable) => ({
    endedAt: row.ended_at,
    endReason: row.end_reason,
    userAgent: row.user_agent,
  });
  return Promise.all(rows.map(async (row) => ({ ...(await present(row)), ...told(row) })));
}
