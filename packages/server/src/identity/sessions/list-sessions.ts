import type { Clock } from '../../platform/clock/index.ts';
import type { Database } from '../../platform/database/index.ts';
import { describeDevice } from '../devices/index.ts';
import { isOver } from './rotation-policy.ts';
import { listLive } from './store.ts';

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

/** Where a user is signed in now, oldest first. */
export async function listSessions(
  deps: { clock: Clock; database: Database },
  of: { clientId: string; userId: string },
): Promise<LiveSession[]> {
  const now = deps.clock.now();
  const rows = await listLive(deps.database.read, { client_id: of.clientId, user_id: of.userId, now });
  return rows
    .filter(
      (row) =>
        !isOver({
          now,
          endedAt: null,
          expiresAt: row.expires_at,
          lastUsedAt: row.last_used_at,
          idleTtlMs: row.idle_ttl_ms,
        }),
    )
    .map((row) => ({
      id: row.id,
      createdAt: row.created_at,
      expiresAt: row.expires_at,
      lastUsedAt: row.last_used_at,
      amr: row.amr.split(' '),
      device: describeDevice(row.user_agent),
      ip: row.ip,
    }));
}
