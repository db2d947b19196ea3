/**
 * The composition root: the only file that knows every room. It opens the ground floor, gives each room what it asks for, and hands out
 * a server that listens and services that commands and libraries use.
 */
import { openAdministration } from './administration.ts';
import { type Config, isLoopbackHost } from './config/index.ts';
import { emailCodeLimits, emailCodeRoutes, registerCodeMail } from './identity/email-codes/index.ts';
import { passkeyRoutes } from './identity/passkeys/index.ts';
import { profileRoutes } from './identity/profile/index.ts';
import { createSessionGuards, sessionRoutes } from './identity/sessions/index.ts';
import { migrations } from './migrations/index.ts';
import { apiReferenceRoutes } from './operations/api-reference/index.ts';
import { createAuditLog } from './operations/audit-log/index.ts';
import { healthRoutes } from './operations/health/index.ts';
import { createHousekeeping } from './operations/housekeeping/index.ts';
import { createTelemetry, type Telemetry } from './operations/telemetry/index.ts';
import { createSealer, ensureAuditKey, type Sealer } from './operations/transparency-log/index.ts';
import { createPages, type Pages } from './pages/index.ts';
import { type Clock, systemClock } from './platform/clock/index.ts';
import { type Database, isUniqueViolation, migrate, openDatabase } from './platform/database/index.ts';
import { createEvents } from './platform/events/index.ts';
import { createHttpServer, type Guards, type HttpServer, type Route } from './platform/http/index.ts';
import { createIds, type NewId } from './platform/ids/index.ts';
import { createJobs } from './platform/jobs/index.ts';
import { createLog, type Log } from './platform/log/index.ts';
import { createMailer } from './platform/mailer/index.ts';
import { createRateLimit } from './platform/rate-limit/index.ts';
import { createVault, ensureKeyFile, readKeyFile } from './platform/secrets/index.ts';
import {
  ADMINISTRATORS_CLIENT,
  createClient,
  createClientGuards,
  createClients,
  DEFAULT_CLIENT,
} from './tenancy/clients/index.ts';
import { createSigningKeys, ensureSigningKeys, signingKeyRoutes } from './tenancy/signing-keys/index.ts';
import { createTokens } from './tenancy/tokens/index.ts';
import { version } from './version.ts';

/** What a test or an embedding program may put in the place of the machine's own. */
export interface Surroundings {
  clock?: Clock;
  log?: Log;
}

const SECOND = 1000;
const DAY = 86_400_000;

/** Where the master secret of a database without GATEHOUSE_SECRET is kept. */
export function keyFileOf(config: Config): string {
  const { url } = config.database;
  return /^postgres(ql)?:/.test(url) ? './gatehouse.key' : `${url.replace(/^(sqlite|file):(\/\/)?/, '')}.key`;
}

function openVault(config: Config) {
  const secret = config.secrets.current ?? readKeyFile(keyFileOf(config));
  return createVault(secret, config.secrets.previous);
}

async function ensureClient(
  deps: { clock: Clock; newId: NewId; database: Database },
  { id, name, exists }: { id: string; name: string; exists: boolean },
): Promise<void> {
  if (exists) return;
  try {
    const client = { id, slug: id, name };
    await deps.database.write((tx) => createClient({ ...deps, tx }, client));
  } catch (error) {
    // Another node starts on the same empty database and was faster.
    if (!isUniqueViolation(error)) throw error;
  }
}

/** Makes what an empty database lacks: schema, key file, the default client and that of administrators, signing keys. Harmless when all is there. */
export async function initialise(config: Config, database: Database, clock: Clock): Promise<{ migrated: string[] }> {
  const migrated = await migrate(database, migrations);
  const clients = createClients({ clock, database, issuer: config.server.issuer, allowOrigin: [] });
  const isNew = (await clients.find(DEFAULT_CLIENT)) === null;
  // A key file is made for a new database only: for an old one a fresh key would open nothing, and hide that the real one is lost.
  if (isNew && config.secrets.current === undefined) ensureKeyFile(keyFileOf(config));
  const vault = openVault(config);
  const newId = createIds(clock);
  const hasAdministrators = await clients.administrators().then(Boolean, () => false);
  const ground = { clock, newId, database };
  await ensureClient(ground, { id: DEFAULT_CLIENT, name: config.brand.name, exists: !isNew });
  await ensureClient(ground, { id: ADMINISTRATORS_CLIENT, name: 'Administrators', exists: hasAdministrators });
  await database.write(async (tx) => {
    await ensureSigningKeys({ clock, vault, tx });
    await ensureAuditKey({ clock, vault, tx }, new URL(config.server.issuer).host);
  });
  return { migrated };
}

/** The ground floor on a database that `initialise` has prepared. Throws KeyFileProblem. */
export function openGround(config: Config, database: Database, surroundings: Surroundings = {}) {
  const clock = surroundings.clock ?? systemClock;
  const log = surroundings.log ?? createLog(config.log);
  const newId = createIds(clock);
  const vault = openVault(config);
  const events = createEvents();
  events.listen(createAuditLog({ clock, newId, retentionMs: config.audit.retentionDays * DAY }));
  const { store } = config.rateLimits;
  const shared = database.dialect === 'postgres' || config.server.workers > 1;
  const counting = store === 'auto' ? (shared ? ('database' as const) : ('memory' as const)) : store;
  const jobs = createJobs({
    database,
    clock,
    newId,
    vault,
    onFailure: ({ kind, attempts, final, error }) =>
      log[final ? 'error' : 'warn']('job.failed', { job_kind: kind, attempts, error }),
  });
  const { issuer } = config.server;
  const isLocal = isLoopbackHost(new URL(issuer).hostname);
  const mailer = createMailer({
    clock,
    newId,
    database,
    vault,
    transport: config.mail.transport,
    directory: config.mail.file,
    from: config.mail.from,
    isLocal,
  });
  const rateLimit = createRateLimit({ clock, store: counting, database });
  return { config, issuer, database, clock, log, newId, vault, announce: events.announce, jobs, mailer, rateLimit };
}

export type Ground = ReturnType<typeof openGround>;

function openTenancy(ground: Ground) {
  const { clock, database, issuer, vault, newId, config } = ground;
  const clients = createClients({ clock, database, issuer, allowOrigin: config.server.allowOrigin });
  const signingKeys = createSigningKeys({ clock, database, vault });
  return { clients, signingKeys, tokens: createTokens({ clock, newId, issuer, signingKeys }) };
}

function rulesOf(config: Config) {
  const idle = config.sessions.idleTtlSeconds;
  return {
    accessTtlMs: config.tokens.accessTtlSeconds * SECOND,
    sessionTtlMs: config.tokens.refreshTtlSeconds * SECOND,
    graceMs: config.tokens.refreshGraceSeconds * SECOND,
    idleTtlMs: idle === undefined ? null : idle * SECOND,
  };
}

function cookieRulesOf(config: Config) {
  const isHttps = config.server.issuer.startsWith('https://');
  const { secure, sameSite, domain } = config.cookies;
  const sites = { auto: 'Lax', lax: 'Lax', strict: 'Strict', none: 'None' } as const;
  return { secure: secure === 'auto' ? isHttps : secure === 'true', sameSite: sites[sameSite], domain };
}

function passkeyRulesOf(config: Config) {
  const { rpId, rpOrigin, displayName, userVerification } = config.webauthn;
  return { rpId, displayName, userVerification, origins: rpOrigin, issuer: config.server.issuer };
}

function openRooms(ground: Ground) {
  const { config, clock } = ground;
  const tenancy = openTenancy(ground);
  const base = { ...ground, ...tenancy, rules: rulesOf(config), cookie: cookieRulesOf(config) };
  const passkeyRules = passkeyRulesOf(config);
  const emailCodes = {
    ...base,
    codeTtlMs: config.emailCodes.ttlSeconds * SECOND,
    limits: emailCodeLimits(config.rateLimits),
    canSendMail: ground.mailer.canSend,
  };
  registerCodeMail({ ...ground, clients: tenancy.clients, brand: config.brand, clock });
  const passkeys = {
    begin: { ...base, rules: passkeyRules },
    finish: { ...base, passkeyRules, limits: emailCodes.limits },
    present: base,
  };
  const administration = openAdministration({ ...base, ...passkeys.finish, begin: passkeys.begin });
  return { base, emailCodes, passkeys, administration, ...tenancy };
}

export type Rooms = ReturnType<typeof openRooms>;

function routesOf(ground: Ground, rooms: Rooms): Route[] {
  const { database, config } = ground;
  const isReady = () =>
    rooms.clients.standard().then(
      () => true,
      () => false,
    );
  const routes = [
    ...emailCodeRoutes(rooms.emailCodes),
    ...passkeyRoutes(rooms.passkeys),
    ...sessionRoutes(rooms.base),
    ...profileRoutes({ ...ground, database }),
    ...signingKeyRoutes(rooms.signingKeys),
    ...rooms.administration.routes,
    ...healthRoutes({ signingKeys: rooms.signingKeys, isReady }),
  ];
  const reference = config.server.docs ? apiReferenceRoutes({ routes, issuer: ground.issuer, version }) : [];
  return [...routes, ...reference];
}

/** A server with everything behind it. */
export interface House {
  http: HttpServer;
  /** Starts the work that happens between requests: jobs and housekeeping. */
  startWork(): void;
  ground: Ground;
  rooms: Rooms;
  sealer: Sealer;
  /** Stops listening, finishes what is under way (connections that outlast `graceMs` are cut), closes the database. */
  close(graceMs?: number): Promise<void>;
}

function guardsOf(rooms: Rooms, pages: Pages): Guards {
  return {
    public: () => ({}),
    ...createClientGuards(rooms.clients),
    ...createSessionGuards(rooms.base),
    ...rooms.administration.guards,
    ...pages.guards,
  };
}

async function openHttp(ground: Ground, rooms: Rooms): Promise<{ http: HttpServer; telemetry: Telemetry }> {
  const { config, log } = ground;
  const telemetry = await createTelemetry({ ...config.metrics, log, jobs: ground.jobs });
  const pages = createPages({ ground, rooms });
  const http = createHttpServer({
    issuer: ground.issuer,
    routes: [...routesOf(ground, rooms), ...(config.server.hostedPages ? pages.routes : []), ...pages.assets],
    guards: guardsOf(rooms, pages),
    newId: ground.newId,
    bodyLimitBytes: config.server.bodyLimitBytes,
    trustedProxies: config.server.trustedProxies,
    isOriginAllowed: rooms.clients.isOriginAllowed,
    renderRefusal: pages.renderRefusal,
    onFinished: telemetry.onFinished,
    onFault: (error, requestId) => log.error('http.request.error', { request_id: requestId, error }),
  });
  return { http, telemetry };
}

/** Builds the house; makes in the database what is missing. Throws DatabaseUnavailable, NewerDatabase, KeyFileProblem. */
export async function openHouse(config: Config, surroundings: Surroundings = {}): Promise<House> {
  const database = await openDatabase(config.database);
  try {
    await initialise(config, database, surroundings.clock ?? systemClock);
    return await furnish(openGround(config, database, surroundings));
  } catch (error) {
    // A house that cannot be opened must not keep the process alive.
    await database.close();
    throw error;
  }
}

async function furnish(ground: Ground): Promise<House> {
  const rooms = openRooms(ground);
  const { http, telemetry } = await openHttp(ground, rooms);
  const housekeeping = createHousekeeping(ground);
  const sealer = createSealer({
    ...ground,
    onFailure: (error) => ground.log.error('audit.seal.failed', { error }),
    onSealed: (size) => ground.log.debug('audit.sealed', { count: size }),
  });
  return {
    http,
    ground,
    rooms,
    sealer,
    startWork() {
      ground.jobs.start();
      housekeeping.start();
      sealer.start();
    },
    async close(graceMs) {
      await http.close(graceMs);
      housekeeping.stop();
      await sealer.stop();
      await ground.jobs.stop();
      await telemetry.close();
      await ground.database.close();
    },
  };
}
