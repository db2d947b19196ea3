import { ClientCreate } from '@gatehouse/protocol';
import { parseDuration } from '../config/index.ts';
import type { Ground } from '../house/ground.ts';
import {
  type AdministrationDeps,
  addClient,
  changeClientAs,
  type KeyName,
  presentClient,
  rotateKeyOf,
} from '../operations/client-administration/index.ts';
import type { Database } from '../platform/database/index.ts';
import { operator as by } from '../platform/events/index.ts';
import { checkDocument } from '../platform/json/index.ts';
import { type ClientRecord, findRecord, listRecords } from '../tenancy/clients/index.ts';
import { CommandFailure } from './command-failure.ts';
import { print, quoted, type WorkOptions, workOnDatabase } from './work-on-database.ts';
import { workOnGround } from './work-on-ground.ts';

/** Which client, and in which form to answer. */
export interface ClientOptions extends WorkOptions {
  id: string;
  json?: boolean;
}

export interface NewClientOptions extends WorkOptions {
  name: string;
  slug?: string;
  origin?: string[];
  webhookUrl?: string;
  tokenMode?: string;
  settings?: string;
  json?: boolean;
}

export interface RotateOptions extends ClientOptions {
  key: string;
  overlap?: string;
  immediate?: boolean;
}

const KEYS: Readonly<Record<string, KeyName>> = {
  'api-key': 'api_key',
  'client-secret': 'client_secret',
  'signing-key': 'signing_key',
};

const PAGE = 500;

/** A command ends after its work: there is nothing in memory to bring up to date. */
export function administrationOf(ground: Ground): AdministrationDeps {
  return { ...ground, clients: { forget: () => undefined }, signingKeys: { refresh: async () => undefined } };
}

/** Prints the fields of an answer as JSON, or one on each line. */
function answer(fields: object, json: boolean | undefined): void {
  if (json) {
    print(JSON.stringify(fields, null, 2));
    return;
  }
  for (const [name, value] of Object.entries(fields)) {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    print(`${name}\t${value === null ? '' : text}`);
  }
}

/** Every client, the default one first. */
export async function allClients(database: Database): Promise<ClientRecord[]> {
  const found: ClientRecord[] = [];
  let page: ClientRecord[] = [];
  do {
    page = await listRecords(database.read, { limit: PAGE, after: found.at(-1)?.id ?? null });
    found.push(...page);
  } while (page.length === PAGE);
  return found;
}

async function clientOf(database: Database, id: string): Promise<ClientRecord> {
  const bySlug = async () =>
    (await listRecords(database.read, { q: id, limit: PAGE, after: null })).find((one) => one.slug === id);
  const client = (await findRecord(database.read, id)) ?? (await bySlug());
  if (client) return client;
  throw new CommandFailure(`client ${quoted(id)} not found`, { hint: 'gatehouse clients list' });
}

function readSettings(text: string | undefined): unknown {
  try {
    return text === undefined ? {} : JSON.parse(text);
  } catch {
    throw new CommandFailure('--settings must be a JSON object', {
      hint: `--settings '{"signing_algorithm":"EdDSA"}'`,
    });
  }
}

/** What the API would refuse is refused here in the words of the command. */
function readNewClient(options: NewClientOptions) {
  const { name, slug, origin, webhookUrl, tokenMode } = options;
  const body = {
    name,
    ...(slug !== undefined && { slug }),
    ...(webhookUrl !== undefined && { webhook_url: webhookUrl }),
    ...(tokenMode !== undefined && { token_mode: tokenMode }),
  };
  const [wrong] = checkDocument(ClientCreate, body);
  if (wrong) throw new CommandFailure(`--${wrong.field.replaceAll('_', '-')} ${wrong.problem}`);
  const mode = tokenMode as ClientRecord['tokenMode'] | undefined;
  return { name, slug, webhookUrl, tokenMode: mode, allowedOrigins: origin, settings: readSettings(options.settings) };
}

export async function createClients(options: NewClientOptions): Promise<void> {
  const fields = readNewClient(options);
  await workOnGround(options, async (ground) => {
    const { client, apiKey, clientSecret, jwtSecret } = await addClient(administrationOf(ground), { ...fields, by });
    const keys = { api_key: apiKey, client_secret: clientSecret, ...(jwtSecret !== null && { jwt_secret: jwtSecret }) };
    const { id, slug } = client;
    answer(options.json ? { client: presentClient(client), ...keys } : { id, slug, ...keys }, options.json);
  });
}

export async function listClients(options: WorkOptions & { json?: boolean }): Promise<void> {
  await workOnDatabase(options, async ({ database }) => {
    const clients = (await allClients(database)).map(presentClient);
    if (options.json) return print(JSON.stringify(clients, null, 2));
    for (const { id, slug, name, status, created_at } of clients) {
      print([id, slug, name, status, created_at].join('\t'));
    }
  });
}

export async function showClient(options: ClientOptions): Promise<void> {
  await workOnDatabase(options, async ({ database }) => {
    answer(presentClient(await clientOf(database, options.id)), options.json);
  });
}

/** Running servers follow within a second. */
export async function disableClient(options: ClientOptions & { undo?: boolean }): Promise<void> {
  await workOnGround(options, async (ground) => {
    const client = await clientOf(ground.database, options.id);
    const change = { status: options.undo ? ('active' as const) : ('disabled' as const) };
    const changed = await changeClientAs(administrationOf(ground), { client, change, by });
    if (options.json) answer(presentClient(changed.client), true);
  });
}

/** Running servers know the new signing key within seconds, and the two others at once. */
export async function rotateClient(options: RotateOptions): Promise<void> {
  const name = Object.hasOwn(KEYS, options.key) ? KEYS[options.key] : undefined;
  if (!name) throw new CommandFailure(`--key must be one of ${Object.keys(KEYS).join(', ')}`);
  const overlapSeconds = options.overlap === undefined ? undefined : parseDuration(options.overlap);
  if (overlapSeconds === null) throw new CommandFailure('--overlap must be a number with a unit: s, m, h or d');
  await workOnGround(options, async (ground) => {
    const client = await clientOf(ground.database, options.id);
    const input = { client, overlapSeconds, immediate: options.immediate, by };
    const { key, signing, previousValidUntil } = await rotateKeyOf(administrationOf(ground), name, input);
    const previous_valid_until = new Date(previousValidUntil).toISOString();
    const secret = key === null ? {} : { [signing ? 'jwt_secret' : name]: key };
    const ids = signing && { kid: signing.kid, algorithm: signing.algorithm, previous_kid: signing.retired };
    answer({ ...ids, ...secret, previous_valid_until }, options.json);
  });
}
