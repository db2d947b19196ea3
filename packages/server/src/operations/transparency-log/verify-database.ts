import type { Reader } from '../../platform/database/index.ts';
import { readVerifierKey, type VerifierKey } from '../../platform/merkle-log/index.ts';
import { readLog } from './read-log.ts';
import { checkpointSizes, findCheckpoint, listKeys, listPlacing, listPurges, treeSize } from './store.ts';
import { type LogVerdict, verifyLog } from './verify-log.ts';

const MOST_CHECKPOINTS = 500;
const EVENTS_AT_ONCE = 1_000;

/** The public keys of the log of a database. */
async function ownKeys(on: Reader): Promise<VerifierKey[]> {
  return (await listKeys.all(on, {})).flatMap(({ verifier_key }) => readVerifierKey(verifier_key) ?? []);
}

/** Checkpoints spread over the whole log, the newest always among them: where something is wrong is then told closely. */
async function someCheckpoints(on: Reader): Promise<string[]> {
  const sizes = (await checkpointSizes.all(on, {})).map((row) => row.tree_size);
  const step = Math.max(1, Math.floor(sizes.length / MOST_CHECKPOINTS));
  const chosen = sizes.filter((_, at) => (sizes.length - 1 - at) % step === 0);
  const rows = await Promise.all(chosen.map((size) => findCheckpoint(on, size)));
  return rows.flatMap((row) => row?.note ?? []);
}

/** Whether an event was written down that neither has its place nor waits for it: no search, export or webhook would ever tell of it. */
async function hidesEvent(on: Reader): Promise<boolean> {
  for (let after = ''; ; ) {
    await new Promise(setImmediate);
    const events = await listPlacing(on, { after, most: EVENTS_AT_ONCE });
    if (events.some(({ known }) => Number(known) === 0)) return true;
    const last = events.at(-1);
    if (!last || events.length < EVENTS_AT_ONCE) return false;
    after = last.id;
  }
}

/**
 * Verifies the whole log of a database. Only `witnessed` checkpoints and `keys` that were kept elsewhere protect against somebody who
 * may change everything in it; without them the database is believed about its own keys.
 */
export async function verifyDatabase(
  on: Reader,
  trusted: { witnessed: readonly string[]; keys: readonly VerifierKey[] } = { witnessed: [], keys: [] },
): Promise<LogVerdict> {
  const purges = new Map((await listPurges.all(on, {})).map(({ id, note }) => [id, note]));
  const checkpoints = await someCheckpoints(on);
  const keys = trusted.keys.length > 0 ? trusted.keys : await ownKeys(on);
  // Read last: what is sealed from here on belongs to the next verification.
  const size = await treeSize(on);
  const last = await findCheckpoint(on, size);
  if (last && !checkpoints.includes(last.note)) checkpoints.push(last.note);
  const verdict = await verifyLog(readLog(on, size), { checkpoints, witnessed: trusted.witnessed, purges, keys });
  // Events that a purge took between two readings are missed by no tombstone of this list: with a newer one the log is read again.
  if (!verdict.ok && (await listPurges.all(on, {})).length !== purges.size) return verifyDatabase(on, trusted);
  if (!verdict.ok || !(await hidesEvent(on))) return verdict;
  return {
    ...verdict,
    ok: false,
    broken: { seq: null, problem: 'an event was written down that has no place in the log' },
  };
}
