import type { Clock } from '../../platform/clock/index.ts';
import type { Database } from '../../platform/database/index.ts';
import { hashSecret, parseCallerSecret, sameSecret } from '../../platform/secrets/index.ts';
import { ADMINISTRATORS_CLIENT, type Client, DEFAULT_CLIENT } from './client.ts';
import type { KeyKind } from './client-keys.ts';
import { refusals } from './errors.ts';
import { clientsAllowing, findClient, findClientOrigin, findKey } from './store.ts';

export interface ClientsDeps {
  clock: Clock;
  database: Database;
  issuer: string;
  /** Origins from the configuration, asked each time; `*` allows all of them, for development. */
  allowOrigin(): readonly string[];
}

/** What a request says about the client it speaks for. */
export interface ClientHints {
  apiKey?: string | undefined;
  clientId?: string | undefined;
  origin?: string | undefined;
}

export interface Clients {
  /** The client with this id, or null, as for the reserved one; at most a second out of date. */
  find(id: string): Promise<Client | null>;
  /** The client a request names by key, id or origin; null when it names none. Throws for a name that is wrong. */
  named(hints: ClientHints): Promise<Client | null>;
  /** The default client. */
  standard(): Promise<Client>;
  /** The client that `gh_sk_…` proves the caller to be. Throws invalid_client, whatever is wrong with it. */
  proven(clientSecret: string): Promise<Client>;
  /** Forgets what this node knows of a client, after a change made here. */
  forget(id: string): void;
  /** The reserved client, whose users administer. */
  administrators(): Promise<Client>;
  /** Whether pages of `origin` may call the server at all: by name, or because the configuration lets everybody in. */
  isOriginAllowed(origin: string): Promise<'registered' | 'anyone' | null>;
  /** Whether `origin` is known by name for this client: the server's own always is, and `*` names nobody. */
  isOriginOf(client: Client, origin: string): Promise<boolean>;
}

/** How long a node may act on what it knew of a client. */
const FRESH_MS = 1000;
const MOST_CACHED = 10_000;

function createCache(deps: ClientsDeps): Pick<Clients, 'find' | 'forget'> {
  const cache = new Map<string, { client: Client | null; readAt: number }>();
  const find = async (id: string): Promise<Client | null> => {
    const now = deps.clock.now();
    // Nobody's name: a statement would refuse it, and a page that is about to refuse something could not be drawn.
    if (id.includes('\0')) return null;
    const known = cache.get(id);
    if (known && now - known.readAt < FRESH_MS && now >= known.readAt) return known.client;
    const client = await findClient(deps.database.read, id);
    if (cache.size >= MOST_CACHED) cache.clear();
    cache.set(id, { client, readAt: now });
    return client;
  };
  return { find, forget: (id) => void cache.delete(id) };
}

/** The id of the client whose live key of this kind is presented, or null. */
async function ownerOfKey(deps: ClientsDeps, kind: KeyKind, text: string): Promise<string | null> {
  const presented = parseCallerSecret(kind === 'api_key' ? 'pk' : 'sk', text);
  const row = presented && (await findKey.first(deps.database.read, { id: presented.id }));
  const live = row && row.kind === kind && (row.expires_at === null || row.expires_at > deps.clock.now());
  return live && sameSecret(hashSecret(presented.secret), row.secret_hash) ? row.client_id : null;
}

/** Whether the configuration names an origin: the server's own, and those that may call for every client. */
function isConfigured({ issuer, allowOrigin }: ClientsDeps, origin: string): boolean {
  return origin === issuer || allowOrigin().includes(origin);
}

async function namedBy(
  deps: ClientsDeps,
  { apiKey, clientId, origin }: ClientHints,
  active: (id: string) => Promise<Client>,
): Promise<Client | null> {
  if (apiKey !== undefined) {
    const id = await ownerOfKey(deps, 'api_key', apiKey);
    if (id === null) throw refusals.invalid_api_key();
    return active(id);
  }
  if (clientId !== undefined) return active(clientId);
  // What the configuration allows is allowed by every client: a page of it is no single client's, whoever lists it.
  if (origin === undefined || isConfigured(deps, origin)) return null;
  const [only, ...others] = await clientsAllowing(deps.database.read, origin);
  return only !== undefined && others.length === 0 ? active(only) : null;
}

export function createClients(deps: ClientsDeps): Clients {
  const { find: read, forget } = createCache(deps);
  // The administrators' pool is no product: nobody can speak for it by naming it.
  const find = async (id: string) => (id === ADMINISTRATORS_CLIENT ? null : read(id));
  const active = async (id: string): Promise<Client> => {
    const client = await find(id);
    if (!client) throw refusals.invalid_client();
    if (client.status !== 'active') throw refusals.client_disabled();
    return client;
  };
  return {
    find,
    forget,
    async proven(clientSecret) {
      const id = await ownerOfKey(deps, 'client_secret', clientSecret);
      if (id === null) throw refusals.invalid_client();
      return active(id);
    },
    async administrators() {
      const client = await read(ADMINISTRATORS_CLIENT);
      if (!client) throw new Error('the database has no client for administrators');
      return client;
    },
    standard: () => active(DEFAULT_CLIENT),
    named: (hints) => namedBy(deps, hints, active),
    async isOriginAllowed(origin) {
      const named = isConfigured(deps, origin) || (await clientsAllowing(deps.database.read, origin)).length > 0;
      if (named) return 'registered';
      return deps.allowOrigin().includes('*') ? 'anyone' : null;
    },
    async isOriginOf(client, origin) {
      if (isConfigured(deps, origin)) return true;
      return (await findClientOrigin.first(deps.database.read, { client_id: client.id, origin })) !== null;
    },
  };
}
