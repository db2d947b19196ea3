import type { Clock } from '../../platform/clock/index.ts';
import type { Reader } from '../../platform/database/index.ts';
import { presentEvent } from '../audit-log/index.ts';
import { findNewestCheckpoint, listAuditKeys, listPurges, proveInclusion, readLog } from '../transparency-log/index.ts';
import { csvHeader, csvLine } from './csv.ts';
import { type EventFilter, isWhole } from './filter.ts';
import { presentSealed } from './present-sealed.ts';
import { eachEvent, listHeld } from './store.ts';

const BATCH = 500;

export interface ExportDeps {
  clock: Clock;
  read: Reader;
}

const selected = (read: Reader, filter: EventFilter, size: number) =>
  eachEvent(read, filter, { from: 0, to: size, most: BATCH });

async function* asCsv(read: Reader, filter: EventFilter, size: number): AsyncGenerator<string> {
  yield csvHeader;
  for await (const found of selected(read, filter, size)) yield csvLine(presentSealed(found));
}

/** Every place of the log, also those whose event was purged, so that the file verifies as a whole. */
async function* wholeLog(read: Reader, size: number): AsyncGenerator<object> {
  const purges = await listPurges.all(read, {});
  for (const { id, note } of purges) yield { kind: 'purge', id, note };
  const held = await listHeld(read);
  for await (const { seq, leafHash, event, purgeId } of readLog(read, size)) {
    const place = { seq, leaf_hash: leafHash };
    if (event) yield { kind: 'event', ...place, legal_hold: held.has(event.id), ...presentEvent(event) };
    else yield { kind: 'purged', ...place, purge_id: purgeId };
  }
  // Some of what it removed is in the file already, and its tombstone holds for the whole only: without a last line the file says that it is cut.
  if ((await listPurges.all(read, {})).length !== purges.length) {
    throw new Error('events were purged while they were exported: export again');
  }
}

/** What was asked for, each event with the proof that it stands in the log of the checkpoint. */
async function* selection(read: Reader, filter: EventFilter, size: number): AsyncGenerator<object> {
  for await (const found of selected(read, filter, size)) {
    const path = await proveInclusion(read, { index: found.seq, size });
    yield { kind: 'event', ...presentSealed(found), proof: path.map((hash) => hash.toString('base64url')) };
  }
}

async function* asNdjson(deps: ExportDeps, filter: EventFilter): AsyncGenerator<string> {
  const { clock, read } = deps;
  const complete = isWhole(filter);
  const newest = await findNewestCheckpoint(read);
  const size = newest?.tree_size ?? 0;
  const header = {
    kind: 'gatehouse-audit-export',
    version: 1,
    exported_at: new Date(clock.now()).toISOString(),
    complete,
    tree_size: size,
    checkpoint: newest?.note ?? null,
    keys: await listAuditKeys(read),
  };
  yield `${JSON.stringify(header)}\n`;
  let entries = 0;
  for await (const line of complete ? wholeLog(read, size) : selection(read, filter, size)) {
    if (!('kind' in line && line.kind === 'purge')) entries++;
    yield `${JSON.stringify(line)}\n`;
  }
  yield `${JSON.stringify({ kind: 'end', entries })}\n`;
}

/**
 * The sealed events that a filter lets through, oldest first, as text piece by piece. As ndjson the file verifies offline: a whole log by
 * its checkpoint, a selection by a proof with each event; its last line says that it is complete. Throws
 * when events are purged meanwhile.
 */
export async function* exportEvents(
  deps: ExportDeps,
  of: { filter: EventFilter; format: 'csv' | 'ndjson' },
): AsyncGenerator<string> {
  if (of.format === 'ndjson') {
    yield* asNdjson(deps, of.filter);
    return;
  }
  const newest = await findNewestCheckpoint(deps.read);
  yield* asCsv(deps.read, of.filter, newest?.tree_size ?? 0);
}
