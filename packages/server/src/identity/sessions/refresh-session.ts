import type { Clock } from '../../platform/clock/index.ts';
import type { Database, Tx } from '../../platform/database/index.ts';
import type { Announce, RequestFacts } from '../../platform/events/index.ts';
import { openWithSecret, sealWithSecret, type Vault } from '../../platform/secrets/index.ts';
import type { Client } from '../../tenancy/clients/index.ts';
import { findUser, type User } from '../users/index.ts';
import { refusals } from './errors.ts';
import { mintRefreshToken, readRefreshToken } from './refresh-token.ts';
import { judgeRotation } from './rotation-policy.ts';
import { rulesOf, type SessionRules } from './session-rules.ts';
import type { StartedSession } from './start-session.ts';
import { endSessionRow, findSession, rotateToken } from './store.ts';
import type { SessionsTable } from './tables.ts';

export interface RefreshDeps {
  clock: Clock;
  database: Database;
  vault: Vault;
  announce: Announce;
  rules: SessionRules;
}

export interface RefreshInput {
  client: Client;
  refreshToken: string;
  /** When given, the session the token must belong to. */
  sessionId?: string;
  request: RequestFacts;
}

type Outcome =
  | { verdict: 'rotated'; session: SessionsTable; user: User; token: string }
  | { verdict: 'unknown' | 'ended' | 'reused' | 'raced' };

const PURPOSE = 'successor';

interface Attempt extends RefreshInput {
  presented: { sessionId: string; hash: string };
}

async function endFamily(deps: RefreshDeps & { tx: Tx }, input: Attempt, row: SessionsTable): Promise<Outcome> {
  const of = { id: row.id, client_id: row.client_id, user_id: row.user_id };
  await endSessionRow(deps.tx, { ...of, now: deps.clock.now(), reason: 'refresh_token_reused' });
  await deps.announce(deps.tx, {
    name: 'refresh_token_reuse',
    clientId: row.client_id,
    userId: row.user_id,
    target: { type: 'session', id: row.id },
    metadata: { severity: 'high' },
    request: input.request,
  });
  return { verdict: 'reused' };
}

async function replace(
  deps: RefreshDeps & { tx: Tx },
  input: Attempt,
  found: { row: SessionsTable; user: User },
): Promise<Outcome> {
  const { row, user } = found;
  const { token, hash } = mintRefreshToken(deps.vault, row.id);
  const rotated = await rotateToken(deps.tx, {
    id: row.id,
    client_id: row.client_id,
    from: input.presented.hash,
    to: hash,
    sealed: sealWithSecret(input.refreshToken, PURPOSE, token),
    now: deps.clock.now(),
  });
  if (!rotated) return { verdict: 'raced' };
  await deps.announce(deps.tx, {
    name: 'session_refreshed',
    clientId: row.client_id,
    userId: row.user_id,
    target: { type: 'session', id: row.id },
    request: input.request,
  });
  return { verdict: 'rotated', session: row, user, token };
}

function repeat(input: Attempt, found: { row: SessionsTable; user: User }): Outcome {
  const { row, user } = found;
  const token = row.successor_sealed && openWithSecret(input.refreshToken, PURPOSE, row.successor_sealed);
  return token ? { verdict: 'rotated', session: row, user, token } : { verdict: 'raced' };
}

async function attempt(deps: RefreshDeps & { tx: Tx }, input: Attempt): Promise<Outcome> {
  const { sessionId: id, hash } = input.presented;
  const row = await findSession.first(deps.tx, { id, client_id: input.client.id });
  const user = row && (await findUser(deps.tx, { clientId: row.client_id, id: row.user_id }));
  if (!row || !user) return { verdict: 'unknown' };
  const verdict = judgeRotation({
    now: deps.clock.now(),
    presentedHash: hash,
    refreshHash: row.refresh_hash,
    previousHash: row.previous_hash,
    replacedAt: row.replaced_at,
    endedAt: row.ended_at,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
    idleTtlMs: row.idle_ttl_ms,
    graceMs: rulesOf(input.client, deps.rules).graceMs,
    userActive: user.status === 'active',
  });
  if (verdict === 'rotate') return replace(deps, input, { row, user });
  if (verdict === 'repeat') return repeat(input, { row, user });
  return verdict === 'reused' ? endFamily(deps, input, row) : { verdict };
}

const MOST_RACES = 5;

async function settle(deps: RefreshDeps, input: Attempt): Promise<Outcome> {
  for (let race = 0; race < MOST_RACES; race++) {
    const outcome = await deps.database.write((tx) => attempt({ ...deps, tx }, input));
    // Another node rotated between our look and our swap: look again, now as the one who came second.
    if (outcome.verdict !== 'raced') return outcome;
  }
  throw new Error('a refresh token kept changing under us');
}

/**
 * Exchanges a refresh token for its successor. Durable when it resolves.
 * Throws invalid_refresh_token, session_invalidated or refresh_token_reused; the last has ended the session.
 */
export async function refreshSession(deps: RefreshDeps, input: RefreshInput): Promise<StartedSession> {
  const presented = readRefreshToken(deps.vault, input.refreshToken);
  if (!presented || (input.sessionId !== undefined && input.sessionId !== presented.sessionId)) {
    throw refusals.invalid_refresh_token();
  }
  const outcome = await settle(deps, { ...input, presented });
  if (outcome.verdict === 'reused') throw refusals.refresh_token_reused();
  if (outcome.verdict === 'ended') throw refusals.session_invalidated();
  if (outcome.verdict !== 'rotated') throw refusals.invalid_refresh_token();
  const { session, user, token } = outcome;
  return {
    id: session.id,
    client: input.client,
    user,
    amr: session.amr.split(' '),
    acr: session.acr,
    authTime: session.created_at,
    expiresAt: session.expires_at,
    secret: token,
  };
}
