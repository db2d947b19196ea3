import type { Clock } from '../../platform/clock/index.ts';
import type { Database, Tx } from '../../platform/database/index.ts';
import { type Announce, changesOf, type Event, type RequestFacts } from '../../platform/events/index.ts';
import { FetchRefusal } from '../../platform/fetch/index.ts';
import type { NewId } from '../../platform/ids/index.ts';
import { randomSecret, type Vault } from '../../platform/secrets/index.ts';
import { refusals } from './errors.ts';
import { SECRET_PURPOSE } from './send-webhook.ts';
import { holdCursor } from './store/deliveries.ts';
import {
  countEndpoints,
  deleteEndpoint,
  findClientEndpoint,
  holdEndpoint,
  insertEndpoint,
  updateEndpoint,
  updateSecrets,
} from './store/endpoints.ts';
import type { WebhookEndpointsTable } from './tables.ts';

export interface ManageDeps {
  clock: Clock;
  newId: NewId;
  database: Database;
  vault: Vault;
  announce: Announce;
  /** Throws FetchRefusal for an address that could never be sent to. */
  checkUrl(url: string): void;
}

/** Who does something to the endpoints of a client. */
export interface Acting {
  clientId: string;
  actor: NonNullable<Event['actor']>;
  request: RequestFacts;
}

const MOST_ENDPOINTS = 20;
const DAY_SECONDS = 86_400;

function requireUrl(deps: ManageDeps, url: string): void {
  try {
    deps.checkUrl(url);
  } catch (error) {
    if (!(error instanceof FetchRefusal)) throw error;
    throw refusals.webhook_url_refused({ body: { details: [{ field: 'url', problem: error.code }] } });
  }
}

const newSecret = () => `whsec_${Buffer.from(randomSecret(), 'base64url').toString('base64')}`;

function newEndpoint(
  deps: Pick<ManageDeps, 'clock' | 'newId'>,
  of: Pick<WebhookEndpointsTable, 'client_id' | 'url' | 'events' | 'source' | 'secret_sealed' | 'start_seq'>,
): WebhookEndpointsTable {
  const now = deps.clock.now();
  return {
    id: deps.newId(),
    ...of,
    status: 'active',
    previous_sealed: null,
    previous_until: null,
    failures: 0,
    work_at: null,
    quiet_until: 0,
    replay_seq: null,
    replay_end: null,
    replay_since: null,
    created_at: now,
    updated_at: now,
  };
}

/** What events tell about an endpoint. */
function shown({ url, events, status }: Pick<WebhookEndpointsTable, 'url' | 'events' | 'status'>) {
  return { url, events: JSON.parse(events) as string[], status };
}

function announce(
  deps: ManageDeps,
  tx: Tx,
  act: Acting & { name: Event['name']; id: string; metadata?: Record<string, unknown> },
): Promise<void> {
  const { name, id, clientId, actor, request, metadata = {} } = act;
  return deps.announce(tx, { name, clientId, actor, request, metadata, target: { type: 'webhook_endpoint', id } });
}

/** Adds an endpoint, which is told about everything from now on. Returns it with its secret, this once. */
export async function createEndpoint(
  deps: ManageDeps,
  input: Acting & { url: string; events: readonly string[] },
): Promise<{ endpoint: WebhookEndpointsTable; secret: string }> {
  requireUrl(deps, input.url);
  const secret = newSecret();
  const sealed = deps.vault.seal(SECRET_PURPOSE, secret);
  const endpoint = await deps.database.write(async (tx) => {
    if ((await countEndpoints(tx, input.clientId)) >= MOST_ENDPOINTS) return null;
    const start_seq = await holdCursor(tx);
    const { clientId: client_id, url } = input;
    const events = JSON.stringify(input.events);
    const row = newEndpoint(deps, { client_id, url, events, source: 'endpoint', secret_sealed: sealed, start_seq });
    await insertEndpoint.run(tx, row);
    const metadata = { ...changesOf({}, shown(row)) };
    await announce(deps, tx, { ...input, name: 'webhook_endpoint_created', id: row.id, metadata });
    return row;
  });
  if (!endpoint) throw refusals.webhook_endpoint_limit();
  return { endpoint, secret };
}

interface Change {
  url?: string;
  events?: readonly string[];
  status?: 'active' | 'disabled';
}

async function writeChange(
  deps: Pick<ManageDeps, 'clock'>,
  tx: Tx,
  { before, change }: { before: WebhookEndpointsTable; change: Change },
): Promise<WebhookEndpointsTable> {
  const now = deps.clock.now();
  const wakes = change.status === 'active' && before.status === 'disabled';
  // A new address is not judged by what the old one did.
  const isNew = change.url !== undefined || wakes;
  const after = {
    ...before,
    url: change.url ?? before.url,
    events: change.events ? JSON.stringify(change.events) : before.events,
    status: change.status ?? before.status,
    updated_at: now,
    failures: isNew ? 0 : before.failures,
    quiet_until: isNew ? 0 : before.quiet_until,
    work_at: before.work_at === null && !wakes ? null : now,
    // What happened while it was disabled is not sent; a replay brings it.
    start_seq: wakes ? await holdCursor(tx) : before.start_seq,
  };
  await updateEndpoint.run(tx, after);
  return after;
}

type Verdict<T> = T | 'absent' | 'managed';

function settle<T>(verdict: Verdict<T>): T {
  if (verdict === 'absent') throw refusals.webhook_endpoint_not_found();
  if (verdict === 'managed') throw refusals.webhook_endpoint_managed();
  return verdict as T;
}

/** Finds an endpoint that may be changed here. */
async function findOwn(tx: Tx, input: { clientId: string; id: string }): Promise<Verdict<WebhookEndpointsTable>> {
  const row = await holdEndpoint.first(tx, { id: input.id, client_id: input.clientId });
  if (!row) return 'absent';
  return row.source === 'client' ? 'managed' : row;
}

/** Changes address, filter or status. */
export async function changeEndpoint(
  deps: ManageDeps,
  input: Acting & { id: string; change: Change },
): Promise<WebhookEndpointsTable> {
  if (input.change.url !== undefined) requireUrl(deps, input.change.url);
  const verdict = await deps.database.write(async (tx) => {
    const before = await findOwn(tx, input);
    if (typeof before === 'string') return before;
    const after = await writeChange(deps, tx, { before, change: input.change });
    const metadata = { ...changesOf(shown(before), shown(after)) };
    await announce(deps, tx, { ...input, name: 'webhook_endpoint_updated', metadata });
    return after;
  });
  return settle<WebhookEndpointsTable>(verdict);
}

/** Removes an endpoint with all its deliveries. */
export async function removeEndpoint(deps: ManageDeps, input: Acting & { id: string }): Promise<void> {
  const verdict = await deps.database.write(async (tx) => {
    const row = await findOwn(tx, input);
    if (typeof row === 'string') return row;
    await deleteEndpoint.run(tx, { id: row.id, client_id: row.client_id });
    const metadata = { ...changesOf(shown(row), {}) };
    await announce(deps, tx, { ...input, name: 'webhook_endpoint_deleted', metadata });
    return row;
  });
  settle(verdict);
}

/** Gives an endpoint a new secret; the old one signs beside it for a while, or not at all. Returns the new one, this once. */
export async function rotateSecret(
  deps: ManageDeps,
  input: Acting & { id: string; overlapSeconds?: number; immediate?: boolean },
): Promise<{ endpoint: WebhookEndpointsTable; secret: string }> {
  const secret = newSecret();
  const sealed = deps.vault.seal(SECRET_PURPOSE, secret);
  const overlapSeconds = input.immediate === true ? 0 : (input.overlapSeconds ?? DAY_SECONDS);
  const verdict = await deps.database.write(async (tx) => {
    const row = await findOwn(tx, input);
    if (typeof row === 'string') return row;
    const now = deps.clock.now();
    const overlap =
      overlapSeconds === 0
        ? { previous_sealed: null, previous_until: null }
        : { previous_sealed: row.secret_sealed, previous_until: now + overlapSeconds * 1000 };
    const after = { ...row, secret_sealed: sealed, ...overlap, updated_at: now };
    await updateSecrets.run(tx, after);
    const metadata = { overlap_seconds: overlapSeconds, ...changesOf({ secret: 1 }, { secret: 2 }, ['secret']) };
    await announce(deps, tx, { ...input, name: 'webhook_secret_rotated', metadata });
    return after;
  });
  return { endpoint: settle<WebhookEndpointsTable>(verdict), secret };
}

/**
 * Makes the endpoint of a client's own `webhook_url` what the client says, in the transaction that changes the client; null
 * takes it away. The change itself is announced with the client. Where it leads is looked at whenever something is sent there.
 */
export async function setClientWebhook(
  deps: Pick<ManageDeps, 'clock' | 'newId'>,
  tx: Tx,
  { clientId, url }: { clientId: string; url: string | null },
): Promise<void> {
  const before = await findClientEndpoint(tx, clientId);
  if (before && url === null) await deleteEndpoint.run(tx, { id: before.id, client_id: clientId });
  else if (before && url !== null && url !== before.url) {
    await writeChange(deps, tx, { before, change: { url, status: 'active' } });
  } else if (!before && url !== null) {
    const start_seq = await holdCursor(tx);
    const of = { client_id: clientId, url, events: '[]', secret_sealed: null, start_seq };
    const row = newEndpoint(deps, { ...of, source: 'client' });
    await insertEndpoint.run(tx, row);
  }
}
