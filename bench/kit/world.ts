import { sql } from 'kysely';
import { loadConfig } from '../../packages/server/src/config/index.ts';
import { type House, openHouse } from '../../packages/server/src/server.ts';
import {
  type FilledClient,
  type FilledSession,
  type FilledUser,
  fillClients,
  fillSessions,
  fillUsers,
} from './fill.ts';
import { type MeasuredServer, startMeasuredServer } from './measured-server.ts';
import { environmentOf } from './settings.ts';

export type DatabaseName = 'sqlite' | 'postgres';

/** How much an installation holds; every user has one session. */
export interface Size {
  clients: number;
  users: number;
}

/** A filled installation: the server that is measured, and a second house on its database through which requests are prepared. */
export interface World {
  database: DatabaseName;
  size: Size;
  readonly server: MeasuredServer;
  house: House;
  /** All but the default one. */
  clients: readonly FilledClient[];
  users: readonly FilledUser[];
  /** Of users of the default client, who are every second one. */
  sessions: readonly FilledSession[];
  /** Puts a server started anew in the place of the one before. */
  renewServer(): Promise<void>;
  close(): Promise<void>;
}

const DEFAULT_CLIENT = 'default';

/** Fills a new database and starts the server on it. */
export async function createWorld(at: { database: DatabaseName; url: string }, size: Size): Promise<World> {
  const env = environmentOf(at.url);
  const house = await openHouse(loadConfig({ env, readFile: () => null }));
  const clients = await fillClients(house, size.clients);
  // Half of all users belong to the default client, so that it grows with the installation; the others are shared out.
  const clientOf = (user: number) => (user % 2 === 0 ? undefined : clients[(user >> 1) % clients.length]);
  const users = await fillUsers(house, size.users, (user) => clientOf(user)?.id ?? DEFAULT_CLIENT);
  const sessions = await fillSessions(house, users);
  // Both databases look at what they hold now and then; after a filling in one go nobody waits for that.
  await house.ground.database.write((tx) => sql`analyze`.execute(tx.query), { isPatient: true });
  let server = await startMeasuredServer(env);
  return {
    database: at.database,
    size,
    get server() {
      return server;
    },
    house,
    clients,
    users,
    sessions: sessions.filter(({ user }) => user.clientId === DEFAULT_CLIENT),
    async renewServer() {
      await server.stop();
      server = await startMeasuredServer(env);
    },
    async close() {
      await server.stop();
      await house.close();
    },
  };
}

/** A step that visits the members of a list all over the place; `turn` counts up. */
export function pick<T>(list: readonly T[], turn: number): T {
  return list[(turn * 7919) % list.length] as T;
}
