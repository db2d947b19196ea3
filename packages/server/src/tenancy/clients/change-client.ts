import type { Clock } from '../../platform/clock/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import type { NewId } from '../../platform/ids/index.ts';
import type { ClientRecord } from './client.ts';
import { deleteOriginRow, findRecord, holdClient, insertOrigin, originsOf, updateClientRow } from './store.ts';

/** The fields of a client that somebody may change. */
export type ClientChange = Partial<
  Pick<ClientRecord, 'name' | 'slug' | 'status' | 'settings' | 'webhookUrl' | 'tokenMode' | 'allowedOrigins'>
>;

async function replaceOrigins(deps: { clock: Clock; newId: NewId; tx: Tx }, clientId: string, wanted: string[]) {
  const known = await originsOf.all(deps.tx, { client_id: clientId });
  for (const row of known) {
    if (!wanted.includes(row.origin)) await deleteOriginRow(deps.tx, { id: row.id, client_id: clientId });
  }
  for (const origin of new Set(wanted)) {
    if (known.some((row) => row.origin === origin)) continue;
    await insertOrigin.run(deps.tx, { id: deps.newId(), client_id: clientId, origin, created_at: deps.clock.now() });
  }
}

/**
 * Changes a client to what `decide` makes of it, and answers both states; null when there is none. Two changes at once happen one after
 * the other, so that neither undoes half of the other.
 */
export async function changeClient(
  deps: { clock: Clock; newId: NewId; tx: Tx },
  id: string,
  decide: (before: ClientRecord) => ClientChange,
): Promise<{ before: ClientRecord; after: ClientRecord } | null> {
  const { clock, tx } = deps;
  const now = clock.now();
  // The write takes the row; what is read after it is what the change before it left.
  if (!(await holdClient(tx, id))) return null;
  const before = await findRecord(tx, id);
  if (!before) return null;
  const { allowedOrigins, ...change } = decide(before);
  const after: ClientRecord = { ...before, ...change, updatedAt: now };
  await updateClientRow.run(tx, {
    id,
    slug: after.slug,
    name: after.name,
    status: after.status,
    settings: JSON.stringify(after.settings),
    webhook_url: after.webhookUrl,
    token_mode: after.tokenMode,
    updated_at: now,
  });
  if (allowedOrigins) await replaceOrigins(deps, id, allowedOrigins);
  return { before, after: (await findRecord(tx, id)) ?? after };
}
