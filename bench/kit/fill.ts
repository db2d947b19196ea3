// Clients, users and sessions as their rooms would have written them, many to a statement.
import { mintRefreshToken } from '../../packages/server/src/identity/sessions/refresh-token.ts';
import { callerSecret, hashSecret, sealWithSecret } from '../../packages/server/src/platform/secrets/index.ts';
import type { House } from '../../packages/server/src/server.ts';

export interface FilledClient {
  id: string;
  apiKey: string;
  origin: string;
}

export interface FilledUser {
  id: string;
  clientId: string;
  email: string;
}

export interface FilledSession {
  id: string;
  user: FilledUser;
  refreshToken: string;
}

const SECRET = 'a-secret-of-the-benchmark';
const BATCH = 500;
const LIFE_MS = 7 * 86_400_000;
const REFRESHED_AGO_MS = 600_000;

async function inBatches(count: number, insert: (from: number, to: number) => Promise<unknown>): Promise<void> {
  for (let from = 0; from < count; from += BATCH) await insert(from, Math.min(count, from + BATCH));
}

/** Adds clients, each with a key and an origin. */
export async function fillClients({ ground }: House, count: number): Promise<FilledClient[]> {
  const { database, newId, clock } = ground;
  const created = { created_at: clock.now() };
  const clients = Array.from({ length: count }, (_, at) => {
    const keyId = newId();
    const apiKey = callerSecret({ kind: 'pk', id: keyId, secret: SECRET });
    return { id: newId(), keyId, apiKey, origin: `https://client-${at}.example` };
  });
  const kept = { status: 'active', settings: '{}', token_mode: 'v2_jwks', updated_at: clock.now() } as const;
  const key = { kind: 'api_key', secret_hash: hashSecret(SECRET), expires_at: null } as const;
  await inBatches(count, (from, to) =>
    database.write(async ({ query }) => {
      const some = clients.slice(from, to);
      const rows = some.map(({ id }) => ({ id, slug: id, name: `Client ${id}`, ...kept, ...created }));
      await query.insertInto('clients').values(rows).execute();
      const keys = some.map(({ id, keyId }) => ({ id: keyId, client_id: id, ...key, ...created }));
      await query.insertInto('client_keys').values(keys).execute();
      const origins = some.map(({ id, origin }) => ({ id: newId(), client_id: id, origin, ...created }));
      await query.insertInto('client_origins').values(origins).execute();
    }),
  );
  return clients;
}

/** Adds users; `clientOf` says whose each one is. */
export async function fillUsers(
  { ground }: House,
  count: number,
  clientOf: (user: number) => string,
): Promise<FilledUser[]> {
  const { database, newId, clock } = ground;
  const now = clock.now();
  const kept = { role: 'user', status: 'active', email_verified_at: now, created_at: now, updated_at: now } as const;
  const users = Array.from({ length: count }, (_, at) => ({
    id: newId(),
    clientId: clientOf(at),
    email: `user${at}@example.com`,
  }));
  await inBatches(count, (from, to) =>
    database.write(({ query }) => {
      const rows = users.slice(from, to).map(({ id, clientId, email }) => {
        return { id, client_id: clientId, email, display_name: `User ${id}`, ...kept };
      });
      return query.insertInto('users').values(rows).execute();
    }),
  );
  return users;
}

/** What a session keeps of its last refresh: nearly all of an installation have seen one, and the first makes a row larger. */
function lastRefresh({ ground: { clock, newId, vault } }: House) {
  const { token, hash } = mintRefreshToken(vault, newId());
  const sealed = sealWithSecret(token, 'successor', token);
  return { previous_hash: hash, replaced_at: clock.now() - REFRESHED_AGO_MS, successor_sealed: sealed };
}

/** Gives every user a session. */
export async function fillSessions(house: House, users: readonly FilledUser[]): Promise<FilledSession[]> {
  const { database, newId, clock, vault } = house.ground;
  const now = clock.now();
  const started = { created_at: now, expires_at: now + LIFE_MS, last_used_at: now, idle_ttl_ms: null };
  const proven = { amr: 'otp', acr: '1', user_agent: 'a browser of the benchmark', ip: '203.0.113.7' };
  const kept = { ...started, ...proven, ...lastRefresh(house), page_hash: null, ended_at: null, end_reason: null };
  const sessions: FilledSession[] = [];
  await inBatches(users.length, (from, to) =>
    database.write(({ query }) => {
      const rows = users.slice(from, to).map((user) => {
        const id = newId();
        const { token, hash } = mintRefreshToken(vault, id);
        sessions.push({ id, user, refreshToken: token });
        return { id, client_id: user.clientId, user_id: user.id, refresh_hash: hash, ...kept };
      });
      return query.insertInto('sessions').values(rows).execute();
    }),
  );
  return sessions;
}
