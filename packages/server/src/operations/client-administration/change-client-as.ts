import { isUniqueViolation, type Tx } from '../../platform/database/index.ts';
import { changesOf, type Originator } from '../../platform/events/index.ts';
import { type ClientRecord, changeClient, DEFAULT_CLIENT, type TokenMode } from '../../tenancy/clients/index.ts';
import { applyRotation, generateKeys, listSigningKeys } from '../../tenancy/signing-keys/index.ts';
import { adminRefusals } from '../admins/index.ts';
import { type AdministrationDeps, OVERLAP_SECONDS } from './administration-deps.ts';
import { refusals } from './errors.ts';
import { algorithmToMake } from './key-algorithm-policy.ts';
import { stateOf } from './present-client.ts';
import { readOrigins, readSettingsPatch, readWebhookUrl } from './read-fields.ts';

export interface ChangeClientInput {
  name?: string | undefined;
  slug?: string | undefined;
  allowedOrigins?: readonly string[] | undefined;
  webhookUrl?: string | null | undefined;
  status?: ClientRecord['status'] | undefined;
  tokenMode?: TokenMode | undefined;
  /** A merge patch (RFC 7396). */
  settings?: unknown;
}

export interface ChangeClientAs {
  client: ClientRecord;
  change: ChangeClientInput;
  by: Originator;
}

function decide(before: ClientRecord, change: ChangeClientInput) {
  const { name, slug, status, tokenMode, webhookUrl, allowedOrigins, settings } = change;
  if (status === 'disabled' && before.id === DEFAULT_CLIENT) throw refusals.default_client_required();
  return {
    ...(name !== undefined && { name: name.trim() }),
    ...(slug !== undefined && { slug }),
    ...(status !== undefined && { status }),
    ...(tokenMode !== undefined && { tokenMode }),
    ...(webhookUrl !== undefined && { webhookUrl: webhookUrl === null ? null : readWebhookUrl(webhookUrl) }),
    ...(allowedOrigins !== undefined && { allowedOrigins: readOrigins(allowedOrigins) }),
    ...(settings !== undefined && { settings: readSettingsPatch(before.settings, settings) }),
  };
}

/** The keys that a change asks for, made before its transaction. */
async function prepareKeys(deps: AdministrationDeps, { client, change }: ChangeClientAs) {
  const after = { ...client, ...decide(client, change) };
  const current = (await listSigningKeys(deps.database, client.id)).find((key) => key.slot === 'CURRENT');
  const of = { isModeNamed: change.tokenMode !== undefined, current: current?.algorithm ?? null };
  const algorithm = algorithmToMake(client, after, of);
  return algorithm && generateKeys(algorithm);
}

async function announceChange(
  deps: AdministrationDeps & { tx: Tx },
  { before, after }: { before: ClientRecord; after: ClientRecord },
  by: Originator,
): Promise<void> {
  const name = before.status !== 'disabled' && after.status === 'disabled' ? 'client_disabled' : 'client_updated';
  const metadata = { ...changesOf(stateOf(before), stateOf(after)) };
  const target = { type: 'client', id: after.id };
  await deps.announce(deps.tx, { name, clientId: after.id, target, metadata, ...by });
}

/** A change that was made. */
export interface ChangedClient {
  client: ClientRecord;
  /** The secret that a change to the legacy token mode made. */
  jwtSecret: string | null;
}

/** Makes and checks what a change needs; what is answered does it. Throws as `changeClientAs` does. */
export async function prepareChange(
  deps: AdministrationDeps,
  input: ChangeClientAs,
): Promise<(tx: Tx) => Promise<ChangedClient | null>> {
  const { client, change, by } = input;
  const fresh = await prepareKeys(deps, input);
  return async (tx) => {
    const changed = await changeClient({ ...deps, tx }, client.id, (before) => decide(before, change));
    if (!changed) return null;
    const rotation = fresh && { owner: client.id, fresh, overlapMs: OVERLAP_SECONDS * 1000 };
    const keys = rotation ? await applyRotation({ ...deps, tx }, rotation) : null;
    await announceChange({ ...deps, tx }, changed, by);
    return { client: changed.after, jwtSecret: keys?.sharedSecret ?? null };
  };
}

/**
 * Changes a client and tells both states. Throws client_slug_taken, default_client_required, client_not_found, and invalid_request
 * naming the fields.
 */
export async function changeClientAs(deps: AdministrationDeps, input: ChangeClientAs): Promise<ChangedClient> {
  const work = await prepareChange(deps, input);
  const changed = await deps.database.write(work).catch((error: unknown) => {
    if (!isUniqueViolation(error)) throw error;
    throw refusals.client_slug_taken();
  });
  if (!changed) throw adminRefusals.client_not_found();
  deps.clients.forget(input.client.id);
  await deps.signingKeys.refresh();
  return changed;
}
