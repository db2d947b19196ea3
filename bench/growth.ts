// Whether sign-in, the lists of administrators and finding out which client asks stay as fast when an installation grows: 10 clients with 1,000
// users beside 10,000 clients with 1,000,000, in the same process, their requests taking turns. The column to read is the ratio.
// node bench/growth.ts [sqlite|postgres] [rounds]
import { sql } from 'kysely';
import { callerSecret, hashSecret } from '../packages/server/src/platform/secrets/index.ts';
import { createDatabase, startPostgres } from '../packages/server/test/kit/postgres.ts';
import { startTestServer, type TestServer } from '../packages/server/test/kit/test-server.ts';
import { printTable } from './kit/table.ts';

const [kind = 'sqlite', roundsText = '300'] = process.argv.slice(2);
const ROUNDS = Number(roundsText);
const BATCH = 500;
const FORGOTTEN_MS = 1_001;

interface Installation {
  server: TestServer;
  clients: readonly { id: string; apiKey: string; origin: string }[];
  users: number;
  close(): Promise<void>;
}

type Client = Installation['clients'][number];

async function inBatches(count: number, insert: (from: number, to: number) => Promise<unknown>): Promise<void> {
  for (let from = 0; from < count; from += BATCH) await insert(from, Math.min(count, from + BATCH));
}

const emailOf = (user: number) => `user${user}@example.com`;

const SECRET = 'a-secret-of-the-benchmark';

async function fillClients({ house, clock }: TestServer, count: number): Promise<Client[]> {
  const { database, newId } = house.ground;
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

async function fillUsers({ house, clock }: TestServer, clients: readonly Client[], count: number): Promise<void> {
  const { database, newId } = house.ground;
  const now = clock.now();
  const kept = { role: 'user', status: 'active', email_verified_at: now, created_at: now, updated_at: now } as const;
  await inBatches(count, (from, to) =>
    database.write(({ query }) => {
      const users = Array.from({ length: to - from }, (_, i) => ({
        id: newId(),
        client_id: clients[(from + i) % clients.length]?.id ?? '',
        email: emailOf(from + i),
        display_name: `User ${from + i}`,
        ...kept,
      }));
      return query.insertInto('users').values(users).execute();
    }),
  );
}

async function install(database: string | undefined, size: { clients: number; users: number }): Promise<Installation> {
  const server = await startTestServer(database === undefined ? {} : { database });
  const clients = await fillClients(server, size.clients);
  await fillUsers(server, clients, size.users);
  // Both databases look at what they hold now and then; after a filling in one go nobody waits for that.
  await server.house.ground.database.write((tx) => sql`analyze`.execute(tx.query));
  return { server, clients, users: size.users, close: () => server.close() };
}

/** One timed request; throws unless it is answered 200. */
async function timed(server: TestServer, path: string, options: RequestInit = {}): Promise<number> {
  const from = performance.now();
  const response = await fetch(server.url + path, options);
  await response.arrayBuffer();
  if (response.status !== 200) throw new Error(`${path} answered ${response.status}`);
  return performance.now() - from;
}

const post = (apiKey: string, body: object): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', 'x-api-key': apiKey },
  body: JSON.stringify(body),
});

type Operation = (on: Installation, round: number) => Promise<number>;

function pick({ clients, users }: Installation, round: number): { client: Client; email: string } {
  // A step that visits clients and users all over the tables.
  const user = (round * 7919) % users;
  return { client: clients[user % clients.length] as Client, email: emailOf(user) };
}

const asOwner = (server: TestServer): RequestInit => ({
  headers: { 'x-admin-key': server.house.ground.config.admin.apiKey ?? '' },
});

const operations: Record<string, Operation> = {
  'sign-in (start and verify)': async (on, round) => {
    const { client, email } = pick(on, round);
    const { server } = on;
    server.clock.advance(1);
    const start = await timed(server, '/api/auth/email-code/send', post(client.apiKey, { email }));
    const code = await server.codeFor(email);
    const body = { email, code, token_transport: 'json' };
    return start + (await timed(server, '/api/auth/email-code/verify', post(client.apiKey, body)));
  },
  'admin: a page of clients': ({ server }) => timed(server, '/api/admin/clients?limit=10', asOwner(server)),
  'admin: a page of users': (on, round) =>
    timed(on.server, `/api/admin/clients/${pick(on, round).client.id}/users?limit=50`, asOwner(on.server)),
  'admin: search a user by e-mail': (on, round) => {
    const { client, email } = pick(on, round);
    return timed(on.server, `/api/admin/clients/${client.id}/users?q=${email}`, asOwner(on.server));
  },
  'discovery: keys of a client': (on, round) =>
    timed(on.server, `/.well-known/jwks.json?client_id=${pick(on, round).client.id}`),
  'discovery: client of an origin': (on, round) =>
    timed(on.server, '/api/auth/ui/config', { headers: { origin: pick(on, round).client.origin } }),
};

function p95(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length * 0.95)] ?? Number.NaN;
}

/** Both installations take turns, so that whatever else the machine does hits both. */
async function compare(operation: Operation, small: Installation, large: Installation): Promise<[number, number]> {
  const taken: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    // What a node remembers of a client for a second would flatter the installation with few of them.
    for (const { server } of [small, large]) server.clock.advance(FORGOTTEN_MS);
    taken[0].push(await operation(small, round));
    taken[1].push(await operation(large, round));
  }
  const warm = Math.floor(ROUNDS / 10);
  return [p95(taken[0].slice(warm)), p95(taken[1].slice(warm))];
}

const postgres = kind === 'postgres' ? await startPostgres() : null;
const place = () => (postgres ? createDatabase(postgres.url) : Promise.resolve(undefined));
const small = await install(await place(), { clients: 10, users: 1_000 });
const large = await install(await place(), { clients: 10_000, users: 1_000_000 });
const rows: (string | number)[][] = [];
for (const [name, operation] of Object.entries(operations)) {
  const [before, after] = await compare(operation, small, large);
  rows.push([name, before.toFixed(2), after.toFixed(2), (after / before).toFixed(2)]);
}
printTable([`${kind}, p95 in ms`, '10 clients', '10,000 clients', 'ratio'], rows);
await small.close();
await large.close();
await postgres?.stop();
