import {
  type Checkpoint,
  leafHash,
  readVerifierKey,
  type VerifierKey,
  verifyCheckpoint,
  verifyInclusion,
} from '../../platform/merkle-log/index.ts';
import { parseEvent } from '../audit-log/index.ts';
import { canonicalEvent } from './canonical-event.ts';
import { type LogEntry, type LogVerdict, verifyLog } from './verify-log.ts';

/** What the first line of an export says. */
interface Header {
  kind: 'gatehouse-audit-export';
  version: 1;
  /** Whether every place of the log is in the file, or only what was asked for, each with its proof of inclusion. */
  complete: boolean;
  checkpoint: string | null;
  keys: string[];
}

type Line = Record<string, unknown> & { kind?: unknown };

/** A file that is not an export, or not all of one. */
class NoExport extends Error {}

export interface ExportVerdict extends LogVerdict {
  complete: boolean;
}

/** What the reader has kept elsewhere. Without `keys` the file is believed about its own. */
export interface Trusted {
  witnessed: readonly string[];
  keys: readonly VerifierKey[];
}

function parseLine(text: string, number: number): Line {
  try {
    const line: unknown = JSON.parse(text);
    if (typeof line === 'object' && line !== null) return line as Line;
  } catch {
    // told below, with its number
  }
  throw new NoExport(`line ${number} is not a JSON object`);
}

async function* parseLines(lines: AsyncIterable<string>): AsyncGenerator<Line> {
  let number = 0;
  for await (const text of lines) {
    number++;
    if (text.trim() !== '') yield parseLine(text, number);
  }
}

function readHeader(line: Line | undefined): Header {
  const { kind, version, complete, checkpoint, keys } = line ?? {};
  const isOne = kind === 'gatehouse-audit-export' && version === 1 && typeof complete === 'boolean';
  if (!isOne || !Array.isArray(keys)) throw new NoExport('the file does not begin like an export of this server');
  return { kind, version, complete, checkpoint: typeof checkpoint === 'string' ? checkpoint : null, keys };
}

function entryOf(line: Line): LogEntry {
  const { kind, seq, leaf_hash: hash, purge_id: purgeId } = line;
  if (typeof seq !== 'number' || typeof hash !== 'string') throw new NoExport('an entry lacks its place or its hash');
  if (kind === 'purged') return { seq, leafHash: hash, event: null, purgeId: String(purgeId) };
  const event = parseEvent(line);
  if (!event) throw new NoExport(`entry ${seq} is not an event`);
  return { seq, leafHash: hash, event, purgeId: null };
}

/** Yields the entries; tombstones go to `purges`. The last line counts them, so that a cut file is noticed. */
async function* entriesOf(
  lines: AsyncIterable<Line>,
  purges: Map<string, string>,
): AsyncGenerator<{ entry: LogEntry; line: Line }> {
  let entries = 0;
  let counted: unknown = null;
  for await (const line of lines) {
    if (counted !== null) throw new NoExport('the file goes on after its end');
    if (line.kind === 'purge') purges.set(String(line.id), String(line.note));
    else if (line.kind === 'end') counted = line.entries;
    else if (line.kind === 'event' || line.kind === 'purged') {
      entries++;
      yield { entry: entryOf(line), line };
    } else throw new NoExport('the file holds a line that no export has');
  }
  if (counted !== entries) throw new NoExport('the file is cut: its end is missing, or counts other entries');
}

function checkSelected(
  { entry, line }: { entry: LogEntry; line: Line },
  checkpoint: Checkpoint,
  last: number,
): string | null {
  if (entry.seq <= last) return 'the entry is out of order';
  if (!entry.event) return 'the event is missing';
  const leaf = leafHash(canonicalEvent(entry.event));
  if (leaf.toString('base64url') !== entry.leafHash) return 'the event was changed';
  const proof = Array.isArray(line.proof) ? line.proof.map((hash) => Buffer.from(String(hash), 'base64url')) : [];
  const { size, root } = checkpoint;
  const holds = verifyInclusion({ index: entry.seq, size, leaf, proof, root });
  return holds ? null : 'the event is not in the log that was signed';
}

/** What a selection can be told by checkpoints kept elsewhere: those of its own size, and those of a log that was longer. */
function checkWitnessed(checkpoint: Checkpoint, witnessed: readonly string[], keys: readonly VerifierKey[]): void {
  for (const note of witnessed) {
    const kept = verifyCheckpoint(note, keys);
    if (!kept) throw new NoExport('a checkpoint of the witness is not signed by a known key');
    const isAnother = kept.size === checkpoint.size && !kept.root.equals(checkpoint.root);
    if (isAnother) throw new NoExport('the export speaks of another log than the witness');
    if (kept.size > checkpoint.size)
      throw new NoExport(`the log of the export is shorter than the ${kept.size} entries that were signed`);
  }
}

async function verifySelection(
  entries: AsyncIterable<{ entry: LogEntry; line: Line }>,
  checkpoint: Checkpoint,
): Promise<LogVerdict> {
  const verdict = { ok: true, size: 0, purged: 0, checkpointedSize: checkpoint.size, broken: null };
  let last = -1;
  for await (const one of entries) {
    const problem = checkSelected(one, checkpoint, last);
    if (problem) return { ...verdict, ok: false, broken: { seq: one.entry.seq, problem } };
    last = one.entry.seq;
    verdict.size++;
  }
  return verdict;
}

async function* onlyEntries(pairs: AsyncIterable<{ entry: LogEntry }>): AsyncGenerator<LogEntry> {
  for await (const { entry } of pairs) yield entry;
}

async function verify(lines: AsyncIterable<string>, trusted: Trusted): Promise<ExportVerdict> {
  const parsed = parseLines(lines);
  const header = readHeader((await parsed.next()).value ?? undefined);
  const keys = trusted.keys.length > 0 ? trusted.keys : header.keys.flatMap((text) => readVerifierKey(text) ?? []);
  const purges = new Map<string, string>();
  const pairs = entriesOf(parsed, purges);
  if (header.complete) {
    const checkpoints = header.checkpoint === null ? [] : [header.checkpoint];
    const evidence = { checkpoints, witnessed: trusted.witnessed, purges, keys };
    return { complete: true, ...(await verifyLog(onlyEntries(pairs), evidence)) };
  }
  const checkpoint = verifyCheckpoint(header.checkpoint ?? '', keys);
  if (!checkpoint) throw new NoExport('the checkpoint of the export is not signed by a known key');
  checkWitnessed(checkpoint, trusted.witnessed, keys);
  return { complete: false, ...(await verifySelection(pairs, checkpoint)) };
}

/**
 * Verifies an exported log (ndjson) without any server. A complete export is proven whole; of a selection every event is proven to stand
 * in the signed log, unchanged, but not that none was left out.
 */
export async function verifyExport(lines: AsyncIterable<string>, trusted: Trusted): Promise<ExportVerdict> {
  try {
    return await verify(lines, trusted);
  } catch (error) {
    if (!(error instanceof NoExport)) throw error;
    const broken = { seq: null, problem: error.message };
    return { complete: false, ok: false, size: 0, purged: 0, checkpointedSize: 0, broken };
  }
}
