// Whether sign-in, the lists of administrators and finding out which client asks stay as fast when an installation grows: 10 clients with 1,000
// users beside 10,000 clients with 1,000,000, in the same process, their requests taking turns. The column to read is the ratio.
// node bench/growth.ts [sqlite|postgres] [rounds]
import { callerSecret, hashSecret } from '../packages/server/src/platform/secrets/index.ts';
import { createDatabase, startPostgres } from '../packages/server/test/kit/postgres.ts';
import { startTestServer, type TestServer } from '../packages/server/test/kit/test-server.ts';
import { printTable } from './kit/table.ts';

const [kind = 'sqlite', roundsText = '300'] = process.argv.slice(2);
const ROUNDS = Number(roundsText);
const BATCH = 500;

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

async function fill(server: TestServer, size: { clients: number; users: number }): Promise<Client[]> {
  const { database, newId, clock } = server.house.ground;
  const now = clock.now();
  const secret = 'a-secret-of-the-benchmark';
  const clients = Array.from({ length: size.clients }, (_, at) => {
    const keyId = newId();
    const apiKey = callerSecret({ kind: 'pk', id: keyId, secret });
    return { id: newId(), keyId, apiKey, origin: `https://client-${at}.example` };
  });
  await inBatches(size.clients, (from, to) =>
    database.write(async (tx) => {
      const some = clients.slice(from, to);
      const rows = some.map(({ id }) => ({ id, slug: id, name: `Client ${id}`, status: 'active' as const }));
      const stamp = { created_at: now, updated_at: now, settings: '{}', token_mode: 'v2_jwks' as const };
      await tx.query
        .insertInto('clients')
        .values(rows.map((row) => ({ ...row, ...stamp })))
        .execute();
      const keys = some.map(({ id, keyId }) => ({ id: keyId, client_id: id, kind: 'api_key' as const }));
      const hashed = { secret_hash: hashSecret(secret), created_at: now, expires_at: null };
      await tx.query
        .insertInto('client_keys')
        .values(keys.map((row) => ({ ...row, ...hashed })))
        .execute();
      const origins = some.map(({ id, origin }) => ({ id: newId(), client_id: id, origin, created_at: now }));
      await tx.query.insertInto('client_origins').values(origins).execute();
    }),
  );
  await inBatches(size.users, (from, to) =>
    database.write((tx) => {
      const users = Array.from({ length: to - from }, (_, i) => ({
        id: newId(),
        client_id: clients[(from + i) % clients.length]?.id ?? '',
        email: emailOf(from + i),
        email_verified_at: now,
        display_name: `User ${from + i}`,
        role: 'user',
        status: 'active' as const,
        created_at: now,
        updated_at: now,
      }));
      return tx.query.insertInto('users').values(users).execute();
    }),
  );
  return clients;
}

async function install(database: string | undefined, size: { clients: number; users: number }): Promise<Installation> {
  const server = await startTestServer(database === undefined ? {} : { database });
  const clients = await fill(server, size);
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
  'admin: a page of clients': ({ server }) => timed(server, '/api/admin/clients?limit=50', asOwner(server)),
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
