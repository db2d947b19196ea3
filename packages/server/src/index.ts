/**
 * Gatehouse as a library: the same server, to mount in a program of your own.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Config, loadConfig, type SettingKey } from './config/index.ts';
import type { Rooms } from './house/rooms.ts';
import { openHouse } from './server.ts';

export { ConfigError } from './config/index.ts';
export type { Rooms as Services } from './house/rooms.ts';

/** How to open a Gatehouse inside another program; nothing is read from the environment. */
export interface GatehouseOptions {
  /** A file path or a `postgres://` URL. */
  database: string;
  /** The public origin under which the handler is reached. */
  issuer: string;
  /** At least 32 characters; without it a key file beside the database is used. */
  secret?: string;
  /** Any other setting of docs/configuration.md by its name, for example `{ 'tokens.accessTtl': '5m' }`. */
  settings?: Partial<Record<SettingKey, string>>;
}

export interface Gatehouse {
  /** Answers a request of `node:http`, Express or anything that passes on Node's own request and response. */
  handler(request: IncomingMessage, response: ServerResponse): void;
  services: Rooms;
  /** Finishes what is under way and closes the database. */
  close(): Promise<void>;
}

function configOf({ database, issuer, secret, settings }: GatehouseOptions): Config {
  return loadConfig({
    env: {},
    readFile: () => null,
    overrides: {
      'log.format': 'silent',
      ...settings,
      'database.url': database,
      'server.issuer': issuer,
      ...(secret !== undefined && { 'secrets.current': secret }),
    },
  });
}

/** Opens a database, made when there is none, and resolves with a handler that is ready. Throws ConfigError. */
export async function createGatehouse(options: GatehouseOptions): Promise<Gatehouse> {
  const house = await openHouse(configOf(options));
  house.startWork();
  return { handler: house.http.handle, services: house.rooms, close: house.close };
}
