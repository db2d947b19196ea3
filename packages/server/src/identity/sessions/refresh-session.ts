import type { Clock } from '../../platform/clock/index.ts';
import type { Database, Tx } from '../../platform/database/index.ts';
import type { Announce, Event, RequestFacts } from '../../platform/events/index.ts';
import { openWithSecret, sealWithSecret, type Vault } from '../../platform/secrets/index.ts';
import type { Client } from '../../tenancy/clients/index.ts';
import { findUser, findUsers, type User } from '../users/index.ts';
import { refusals } from './errors.ts';
import { mintRefreshToken, readRefreshToken } from './refresh-token.ts';
import { judgeRotation, type RotationVerdict } from './rotation-policy.ts';
import { rulesOf, type SessionRules } from './session-rules.ts';
import type { StartedSession } from './start-session.ts';
import { endSessionRow, findSession, holdSessions, rotateTokens } from './store.ts';
import type { SessionsTable } from './tables.ts';

export interface RefreshDeps {
  clock: Clock;
  database: Database;
  vault: Vault;
  announce: Announce;
  rules: SessionRules;
}

/** A refresh token that this server issued, presented to be exchanged. */
interface Presented {
  client: Client;
  token: string;
  sessionId: string;
  hash: string;
  request: RequestFacts;
}

type Outcome =
  | { verdict: 'rotated'; session: SessionsTable; user: User; token: string }
  /** `raced`: somebody else is at this session, or was first. Look again, alone. */
  | { verdict: 'unknown' | 'ended' | 'reused' | 'raced' };

interface Found {
  presented: Presented;
  row: SessionsTable;
  user: User;
}

const PURPOSE = 'successor';

async function lookAlone(tx: Tx, presented: Presented): Promise<Found[]> {
  const row = await findSession.first(tx, { id: presented.sessionId, client_id: presented.client.id });
  const user = row && (await findUser(tx, { clientId: row.client_id, id: row.user_id }));
  return row && user ? [{ presented, row, user }] : [];
}

/** Of twins, who present tokens of one session, the first is found. */
async function lookTogether(tx: Tx, several: readonly Presented[]): Promise<Found[]> {
  const clientIds = [...new Set(several.map(({ client }) => client.id))];
  const sessions = await holdSessions(tx, { clientIds, ids: several.map(({ sessionId }) => sessionId) });
  const rows = new Map(sessions.map((row) => [row.id, row]));
  const owners = await findUsers(tx, { clientIds, ids: sessions.map((row) => row.user_id) });
  const users = new Map(owners.map((user) => [user.id, user]));
  return several.flatMap((presented) => {
    const row = rows.get(presented.sessionId);
    const user = row && users.get(row.user_id);
    if (!row || !user || row.client_id !== presented.client.id) return [];
    rows.delete(row.id);
    return [{ presented, row, user }];
  });
}

function judge(deps: RefreshDeps, { presented, row, user }: Found): RotationVerdict {
  return judgeRotation({
    now: deps.clock.now(),
    presentedHash: presented.hash,
    refreshHash: row.refresh_hash,
    previousHash: row.previous_hash,
    replacedAt: row.replaced_at,
    endedAt: row.ended_at,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
    idleTtlMs: row.idle_ttl_ms,
    graceMs: rulesOf(presented.client, deps.rules).graceMs,
    userActive: user.status === 'active',
  });
}

function eventOf({ presented, row }: Found, name: Event['name']): Event {
  const target = { type: 'session', id: row.id };
  return { name, clientId: row.client_id, userId: row.user_id, target, request: presented.request };
}

async function replace(deps: RefreshDeps, tx: Tx, some: readonly Found[]): Promise<[Presented, Outcome][]> {
  const minted = some.map((found) => ({ ...found, successor: mintRefreshToken(deps.vault, found.row.id) }));
  const rotations = minted.map(({ presented, row, successor }) => ({
    id: row.id,
    client_id: row.client_id,
    from: presented.hash,
    to: successor.hash,
    sealed: sealWithSecret(presented.token, PURPOSE, successor.token),
  }));
  const rotated = await rotateTokens(tx, { rotations, now: deps.clock.now() });
  const done = minted.filter(({ row }) => rotated.has(row.id));
  if (done.length > 0) await deps.announce(tx, ...done.map((found) => eventOf(found, 'session_refreshed')));
  return minted.map(({ presented, row, user, successor }) => [
    presented,
    rotated.has(row.id) ? { verdict: 'rotated', session: row, user, token: successor.token } : { verdict: 'raced' },
  ]);
}

function repeat({ presented, row, user }: Found): Outcome {
  const token = row.successor_sealed && openWithSecret(presented.token, PURPOSE, row.successor_sealed);
  return token ? { verdict: 'rotated', session: row, user, token } : { verdict: 'raced' };
}

async function endFamily(deps: RefreshDeps, tx: Tx, found: Found): Promise<Outcome> {
  const { id, client_id, user_id } = found.row;
  await endSessionRow(tx, { id, client_id, user_id, now: deps.clock.now(), reason: 'refresh_token_reused' });
  await deps.announce(tx, { ...eventOf(found, 'refresh_token_reuse'), metadata: { severity: 'high' } });
  return { verdict: 'reused' };
}

/**
 * Looks at the sessions of presented tokens and does what each is good for (D7), inside one transaction; the outcomes in the order of the
 * tokens. Several are no different from one, but that none waits for a session which another transaction holds: that one has `raced`.
 */
async function rotatePresented(deps: RefreshDeps, tx: Tx, several: readonly Presented[]): Promise<Outcome[]> {
  const [first] = several;
  const isAlone = several.length === 1;
  const all = first && isAlone ? await lookAlone(tx, first) : await lookTogether(tx, several);
  const judged = all.map((found) => ({ found, verdict: judge(deps, found) }));
  const current = judged.filter(({ verdict }) => verdict === 'rotate').map(({ found }) => found);
  const outcomes = new Map(await replace(deps, tx, current));
  for (const { found, verdict } of judged) {
    if (verdict === 'repeat') outcomes.set(found.presented, repeat(found));
    if (verdict === 'reused') outcomes.set(found.presented, await endFamily(deps, tx, found));
    if (verdict === 'ended') outcomes.set(found.presented, { verdict });
  }
  return several.map((presented) => outcomes.get(presented) ?? { verdict: isAlone ? 'unknown' : 'raced' });
}

export interface RefreshInput {
  client: Client;
  refreshToken: string;
  /** When given, the session the token must belong to. */
  sessionId?: string;
  request: RequestFacts;
}

/**
 * Exchanges a refresh token for its successor. Durable when it resolves.
 * Throws invalid_refresh_token, session_invalidated or refresh_token_reused; the last has ended the session.
 */
export type RefreshSession = (input: RefreshInput) => Promise<StartedSession>;

const MOST_RACES = 5;

/** Those who refresh at the same moment share a transaction where that saves something. */
export function createRefreshSession(deps: RefreshDeps): RefreshSession {
  const { database } = deps;
  const together = database.together((tx, several: readonly Presented[]) => rotatePresented(deps, tx, several));
  const alone = async (presented: Presented) => {
    const [outcome] = await database.write((tx) => rotatePresented(deps, tx, [presented]));
    return outcome as Outcome;
  };
  const settle = async (presented: Presented): Promise<Outcome> => {
    let outcome = await together(presented);
    // Another node rotated between our look and our swap: look again, now as the one who came second.
    for (let race = 1; outcome.verdict === 'raced'; race++) {
      if (race > MOST_RACES) throw new Error('a refresh token kept changing under us');
      outcome = await alone(presented);
    }
    return outcome;
  };

  return async ({ client, refreshToken, sessionId, request }) => {
    const read = readRefreshToken(deps.vault, refreshToken);
    if (!read || (sessionId !== undefined && sessionId !== read.sessionId)) throw refusals.invalid_refresh_token();
    const outcome = await settle({ client, token: refreshToken, ...read, request });
    if (outcome.verdict === 'reused') throw refusals.refresh_token_reused();
    if (outcome.verdict === 'ended') throw refusals.session_invalidated();
    if (outcome.verdict !== 'rotated') throw refusals.invalid_refresh_token();
    const { session, user, token } = outcome;
    return {
      id: session.id,
      client,
      user,
      amr: session.amr.split(' '),
      acr: session.acr,
      authTime: session.created_at,
      expiresAt: session.expires_at,
      secret: token,
    };
  };
}
