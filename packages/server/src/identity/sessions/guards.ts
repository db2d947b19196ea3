import type { Clock } from '../../platform/clock/index.ts';
import type { Database } from '../../platform/database/index.ts';
import { bearerOf, type Guard } from '../../platform/http/index.ts';
import { type Client, type Clients, clientRefusals, DEFAULT_CLIENT, hintsOf } from '../../tenancy/clients/index.ts';
import type { AccessClaims, Tokens } from '../../tenancy/tokens/index.ts';
import { refusals } from './errors.ts';
import { isOver } from './rotation-policy.ts';
import { findSession } from './store.ts';

/** A user whose access token is good and whose session is alive. */
export interface SessionCaller {
  client: Client;
  userId: string;
  sessionId: string;
  /** When the user proved who they are, milliseconds since the epoch. */
  authenticatedAt: number;
  claims: AccessClaims;
}

declare module '../../platform/http/route.ts' {
  interface Callers {
    /** A signed-in user. */
    user: SessionCaller;
    /** A signed-in user of the default client, on the direct paths. */
    direct_user: SessionCaller;
  }
}

export interface SessionGuardDeps {
  clock: Clock;
  database: Database;
  clients: Clients;
  tokens: Tokens;
}

/** A client that sent a token is told that the token is the problem (RFC 6750 §3.1). */
function refuse(token: string | null) {
  return refusals.invalid_access_token({
    headers: { 'www-authenticate': token ? 'Bearer error="invalid_token"' : 'Bearer' },
  });
}

async function establish(deps: SessionGuardDeps, token: string | null): Promise<SessionCaller> {
  const claims = token && (await deps.tokens.verifyAccess(token));
  const client = claims ? await deps.clients.find(claims.client_id) : null;
  if (!claims || !client) throw refuse(token);
  if (client.status !== 'active') throw clientRefusals.client_disabled();
  const row = await findSession.first(deps.database.read, { id: claims.sid, client_id: client.id });
  const now = deps.clock.now();
  const over =
    !row ||
    row.user_id !== claims.sub ||
    isOver({
      now,
      endedAt: row.ended_at,
      expiresAt: row.expires_at,
      lastUsedAt: row.last_used_at,
      idleTtlMs: row.idle_ttl_ms,
    });
  if (over) throw refuse(token);
  return { client, userId: row.user_id, sessionId: row.id, authenticatedAt: row.created_at, claims };
}

export function createSessionGuards(deps: SessionGuardDeps): {
  user: Guard<SessionCaller>;
  direct_user: Guard<SessionCaller>;
} {
  return {
    user: async (request) => {
      const token = bearerOf(request);
      const caller = await establish(deps, token);
      const named = await deps.clients.named(hintsOf(request));
      // A request that names a client must bring a token of that client (R003, T-071).
      if (named && named.id !== caller.client.id) throw refuse(token);
      return caller;
    },
    direct_user: async (request) => {
      const token = bearerOf(request);
      const caller = await establish(deps, token);
      if (caller.client.id !== DEFAULT_CLIENT) throw refuse(token);
      return caller;
    },
  };
}
