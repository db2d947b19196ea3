import type { EventName } from '@gatehouse/protocol';
import type { Clock } from '../../platform/clock/index.ts';
import { type Database, isUniqueViolation } from '../../platform/database/index.ts';
import { type Announce, operatorEvent } from '../../platform/events/index.ts';
import type { NewId } from '../../platform/ids/index.ts';
import { deleteOriginRow, insertOrigin, originsOf, updateOriginRow } from './store.ts';

/** A page origin that may call the server for a client. */
export interface ListedOrigin {
  id: string;
  origin: string;
  createdAt: number;
}

interface ChangeDeps {
  database: Database;
  announce: Announce;
}

const fact = (name: EventName, { clientId, id, origin }: { clientId: string; id: string; origin?: string }) =>
  operatorEvent({
    name,
    clientId,
    target: { type: 'origin', id },
    ...(origin !== undefined && { metadata: { origin } }),
  });

/** Adds `origin` (in normal form); the one that is there already is answered when it was added before. */
export async function addOrigin(
  deps: ChangeDeps & { clock: Clock; newId: NewId },
  input: { clientId: string; origin: string },
): Promise<ListedOrigin> {
  const row = { id: deps.newId(), client_id: input.clientId, origin: input.origin, created_at: deps.clock.now() };
  try {
    await deps.database.write(async (tx) => {
      await insertOrigin.run(tx, row);
      await deps.announce(tx, fact('origin_added', { ...input, id: row.id }));
    });
    return { id: row.id, origin: row.origin, createdAt: row.created_at };
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    const known = (await listOrigins(deps.database, input.clientId)).find((one) => one.origin === input.origin);
    if (!known) throw error;
    return known;
  }
}

/** The origins of a client, oldest first. */
export async function listOrigins(database: Database, clientId: string): Promise<ListedOrigin[]> {
  const rows = await originsOf.all(database.read, { client_id: clientId });
  return rows.map((row) => ({ id: row.id, origin: row.origin, createdAt: row.created_at }));
}

/** Changes an origin; false when the client has none with this id. */
export function updateOrigin(deps: ChangeDeps, of: { id: string; clientId: string; origin: string }): Promise<boolean> {
  return deps.database.write(async (tx) => {
    if (!(await updateOriginRow(tx, { id: of.id, client_id: of.clientId, origin: of.origin }))) return false;
    await deps.announce(tx, fact('origin_updated', of));
    return true;
  });
}

/** Removes an origin; false when the client has none with this id. */
export function deleteOrigin(deps: ChangeDeps, of: { id: string; clientId: string }): Promise<boolean> {
  return deps.database.write(async (tx) => {
    if (!(await deleteOriginRow(tx, { id: of.id, client_id: of.clientId }))) return false;
    await deps.announce(tx, fact('origin_deleted', of));
    return true;
  });
}
