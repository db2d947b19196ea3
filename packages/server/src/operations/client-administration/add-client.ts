import { isUniqueViolation, type Tx } from '../../platform/database/index.ts';
import type { Originator } from '../../platform/events/index.ts';
import { randomSecret } from '../../platform/secrets/index.ts';
import {
  type ClientRecord,
  createClient,
  findRecord,
  type NewClient,
  slugOf,
  type TokenMode,
} from '../../tenancy/clients/index.ts';
import { applyRotation, generateKeys } from '../../tenancy/signing-keys/index.ts';
import type { AdministrationDeps } from './administration-deps.ts';
import { refusals } from './errors.ts';
import { chosenAlgorithm } from './key-algorithm-policy.ts';
import { stateOf } from './present-client.ts';
import { readOrigins, readSettingsPatch, readWebhookUrl } from './read-fields.ts';

export interface AddClientInput {
  /** The id it has in another installation; a new one otherwise. */
  id?: string | undefined;
  name: string;
  slug?: string | undefined;
  allowedOrigins?: readonly string[] | undefined;
  webhookUrl?: string | null | undefined;
  tokenMode?: TokenMode | undefined;
  status?: ClientRecord['status'] | undefined;
  settings?: unknown;
  by: Originator;
}

/** A new client and the keys that are shown only now. */
export interface AddedClient {
  client: ClientRecord;
  apiKey: string;
  clientSecret: string;
  jwtSecret: string | null;
}

function readNewClient(input: AddClientInput): NewClient {
  return {
    ...(input.id !== undefined && { id: input.id }),
    ...(input.status !== undefined && { status: input.status }),
    name: input.name.trim(),
    slug: input.slug ?? slugOf(input.name),
    settings: readSettingsPatch({}, input.settings ?? {}),
    allowedOrigins: readOrigins(input.allowedOrigins ?? []),
    webhookUrl: input.webhookUrl ? readWebhookUrl(input.webhookUrl) : null,
    tokenMode: input.tokenMode ?? 'v2_jwks',
  };
}

/** Keys of the client's own, when it asks for some at once: nobody holds a set without them, so they may sign at once. */
async function prepareKeys(deps: AdministrationDeps, fields: NewClient, isModeNamed: boolean) {
  const { tokenMode = 'v2_jwks', settings = {} } = fields;
  const algorithm = chosenAlgorithm({ tokenMode, settings }) ?? (isModeNamed ? 'ES256' : null);
  const fresh = algorithm && (await generateKeys(algorithm));
  return async (tx: Tx, owner: string) =>
    fresh ? applyRotation({ ...deps, tx }, { owner, fresh, overlapMs: 0, signsAtOnce: true }) : null;
}

/** Writes a client with `fields` inside a transaction that is under way, announces it, and answers its keys. */
async function writeClient(
  deps: AdministrationDeps & { tx: Tx },
  fields: NewClient,
  of: { by: Originator; makeKeys: Awaited<ReturnType<typeof prepareKeys>> },
): Promise<AddedClient> {
  const { client: written, apiKey, clientSecret } = await createClient(deps, fields);
  const keys = await of.makeKeys(deps.tx, written.id);
  const client = await findRecord(deps.tx, written.id);
  if (!client) throw new Error('a client that was just written is not there');
  const target = { type: 'client', id: client.id };
  const metadata = { before: {}, after: stateOf(client) };
  await deps.announce(deps.tx, { name: 'client_created', clientId: client.id, target, metadata, ...of.by });
  return { client, apiKey, clientSecret, jwtSecret: keys?.sharedSecret ?? null };
}

/** Everything that a new client needs, made and checked; what is answered writes it. Throws invalid_request naming the fields. */
export async function prepareClient(
  deps: AdministrationDeps,
  input: AddClientInput,
): Promise<(tx: Tx, slug?: string) => Promise<AddedClient>> {
  const fields = readNewClient(input);
  const makeKeys = await prepareKeys(deps, fields, input.tokenMode !== undefined);
  return (tx, slug = fields.slug) => writeClient({ ...deps, tx }, { ...fields, slug }, { by: input.by, makeKeys });
}

/**
 * Adds a client; a slug that nobody named is made of the name, with something added when it is taken. Throws client_slug_taken,
 * and invalid_request naming the fields.
 */
export async function addClient(deps: AdministrationDeps, input: AddClientInput): Promise<AddedClient> {
  const write = await prepareClient(deps, input);
  const added = await deps.database
    .write((tx) => write(tx))
    .catch((error: unknown) => {
      if (!isUniqueViolation(error)) throw error;
      if (input.slug !== undefined) throw refusals.client_slug_taken();
      const more = randomSecret().replace(/[^a-z0-9]/g, '');
      return deps.database.write((tx) => write(tx, `${slugOf(input.name)}-${more.slice(0, 6)}`));
    });
  await deps.signingKeys.refresh();
  return added;
}
