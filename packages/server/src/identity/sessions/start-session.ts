import type { Clock } from '../../platform/clock/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import type { RequestFacts } from '../../platform/events/index.ts';
import type { NewId } from '../../platform/ids/index.ts';
import type { Vault } from '../../platform/secrets/index.ts';
import type { Client } from '../../tenancy/clients/index.ts';
import type { User } from '../users/index.ts';
import { mintPageCookie } from './page-session.ts';
import { mintRefreshToken } from './refresh-token.ts';
import { rulesOf, type SessionRules } from './session-rules.ts';
import { insertSession } from './store.ts';

export interface NewSession {
  client: Client;
  user: User;
  amr: readonly string[];
  acr: string;
  /** A session of an application carries a refresh token, one of the hosted pages a cookie. */
  carrier: 'refresh-token' | 'page-cookie';
  request: RequestFacts;
}

export interface StartedSession {
  id: string;
  client: Client;
  user: User;
  amr: readonly string[];
  acr: string;
  authTime: number;
  expiresAt: number;
  /** The refresh token or the page cookie, in clear for this once. */
  secret: string;
}

/** Starts a session for a user who has just signed in. Its id is always new, whatever the browser brought along (T-056). */
export async function startSession(
  deps: { clock: Clock; newId: NewId; vault: Vault; rules: SessionRules; tx: Tx },
  input: NewSession,
): Promise<StartedSession> {
  const { client, user, amr, acr, request } = input;
  const now = deps.clock.now();
  const rules = rulesOf(client, deps.rules);
  const id = deps.newId();
  const expiresAt = now + rules.sessionTtlMs;
  const forPages = input.carrier === 'page-cookie';
  const { token, hash } = forPages ? mintPageCookie(id) : mintRefreshToken(deps.vault, id);
  insertSession.send(deps.tx, {
    id,
    client_id: client.id,
    user_id: user.id,
    created_at: now,
    expires_at: expiresAt,
    idle_ttl_ms: rules.idleTtlMs,
    last_used_at: now,
    amr: amr.join(' '),
    acr,
    refresh_hash: forPages ? null : hash,
    previous_hash: null,
    replaced_at: null,
    successor_sealed: null,
    page_hash: forPages ? hash : null,
    user_agent: request.userAgent,
    ip: request.ip,
    ended_at: null,
    end_reason: null,
  });
  return { id, client, user, amr, acr, authTime: now, expiresAt, secret: token };
}
