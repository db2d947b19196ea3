/**
 * The composition root: with `house/` the only place that knows every room. It opens the ground floor, gives each room what it asks for, and hands out
 * a server that listens and services that commands and libraries use.
 */
import type { Config } from './config/index.ts';
import { type Ground, openGround, type Surroundings } from './house/ground.ts';
import { initialise } from './house/initialise.ts';
import { openRooms, type Rooms } from './house/rooms.ts';
import { openWork, type Work } from './house/work.ts';
import { emailCodeRoutes } from './identity/email-codes/index.ts';
import { passkeyRoutes } from './identity/passkeys/index.ts';
import { profileRoutes } from './identity/profile/index.ts';
import { createSessionGuards, sessionRoutes } from './identity/sessions/index.ts';
import { listAdministratorAccess } from './operations/administrators/index.ts';
import { apiReferenceRoutes } from './operations/api-reference/index.ts';
import { auditRoutes } from './operations/audit-review/index.ts';
import { witnessRoutes } from './operations/audit-witnesses/index.ts';
import { clientAdministrationRoutes } from './operations/client-administration/index.ts';
import { configurationRoutes } from './operations/configuration/index.ts';
import { healthRoutes } from './operations/health/index.ts';
import { telemetryRoutes } from './operations/telemetry/index.ts';
import { createPages, type Pages } from './pages/index.ts';
import { systemClock } from './platform/clock/index.ts';
import { openDatabase } from './platform/database/index.ts';
import { type Close, createHttpServer, type Guards, type HttpServer, type Route } from './platform/http/index.ts';
import { createClientGuards } from './tenancy/clients/index.ts';
import { signingKeyRoutes } from './tenancy/signing-keys/index.ts';
import { version } from './version.ts';

/** Set once the house has begun to close: `/readyz` then sends requests elsewhere. */
interface Closing {
  isClosing: boolean;
}

function routesOf(
  ground: Ground,
  rooms: Rooms,
  { sealer, eventsOut, telemetry, closing }: Work & { closing: Closing },
): Route[] {
  const { database, config } = ground;
  const isReady = async () =>
    !closing.isClosing &&
    (await rooms.clients.standard().then(
      () => true,
      () => false,
    ));
  const routes = [
    ...emailCodeRoutes(rooms.emailCodes),
    ...passkeyRoutes(rooms.passkeys),
    ...sessionRoutes(rooms.base),
    ...profileRoutes({ ...ground, database }),
    // What cannot be sealed is told by the sealer, and by a verification: it keeps nobody from reading.
    ...auditRoutes({ ...ground, seal: () => sealer.seal().catch(() => undefined) }),
    ...witnessRoutes(ground),
    ...signingKeyRoutes(rooms),
    ...rooms.administration.routes,
    ...clientAdministrationRoutes(rooms.base),
    ...configurationRoutes({ ...ground, listAdministratorAccess: () => listAdministratorAccess(database) }),
    ...eventsOut.routes,
    ...telemetryRoutes(telemetry),
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
  sealer: Work['sealer'];
  witnessing: Work['witnessing'];
  eventsOut: Work['eventsOut'];
  /** Is not ready any more, stops listening, finishes what is under way, closes the database. */
  close(how?: Close): Promise<void>;
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

async function openHttp(ground: Ground, rooms: Rooms, work: Work & { closing: Closing }): Promise<HttpServer> {
  const { config, log } = ground;
  await work.telemetry.listen();
  const pages = createPages({ ground, rooms });
  return createHttpServer({
    issuer: ground.issuer,
    routes: [...routesOf(ground, rooms, work), ...(config.server.hostedPages ? pages.routes : []), ...pages.assets],
    guards: guardsOf(rooms, pages),
    newId: ground.newId,
    bodyLimitBytes: config.server.bodyLimitBytes,
    trustedProxies: config.server.trustedProxies,
    isOriginAllowed: rooms.clients.isOriginAllowed,
    renderRefusal: pages.renderRefusal,
    onFinished: work.telemetry.onFinished,
    onFault: (error, requestId) => log.error('http.request.error', { request_id: requestId, error }),
  });
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
  await ground.runtime.refresh();
  const rooms = openRooms(ground);
  const work = openWork(ground);
  const closing: Closing = { isClosing: false };
  const http = await openHttp(ground, rooms, { ...work, closing });
  return {
    http,
    ground,
    rooms,
    sealer: work.sealer,
    witnessing: work.witnessing,
    eventsOut: work.eventsOut,
    startWork: work.start,
    async close(how) {
      closing.isClosing = true;
      await http.close(how);
      await work.stop();
      await ground.database.close();
    },
  };
}
