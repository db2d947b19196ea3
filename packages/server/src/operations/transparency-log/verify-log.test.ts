import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  createTreeWalker,
  leafHash,
  readVerifierKey,
  signCheckpoint,
  writeVerifierKey,
} from '../../platform/merkle-log/index.ts';
import { canonicalEvent, type SealedEvent } from './canonical-event.ts';
import { signPurge } from './purge-note.ts';
import { type LogEntry, type LogEvidence, verifyLog } from './verify-log.ts';

const pair = generateKeyPairSync('ed25519');
const key = {
  name: 'auth.example.com',
  publicKey: Buffer.from(pair.publicKey.export({ format: 'jwk' }).x ?? '', 'base64url'),
};

function eventAt(seq: number): SealedEvent {
  return {
    id: `01234567-89ab-7000-8000-${String(seq).padStart(12, '0')}`,
    client_id: 'default',
    user_id: null,
    event_type: 'login_success',
    actor_type: 'user',
    actor_id: `user-${seq % 7}`,
    target_type: 'session',
    target_id: null,
    request_id: 'r',
    ip: '127.0.0.1',
    user_agent: 'x',
    metadata: '{}',
    created_at: 1_800_000_000_000 + seq,
    retention_until: 1_900_000_000_000,
  };
}

const entryOf = (event: SealedEvent, seq: number): LogEntry => ({
  seq,
  leafHash: leafHash(canonicalEvent(event)).toString('base64url'),
  event,
  purgeId: null,
});

const honest = (size: number): LogEntry[] => Array.from({ length: size }, (_, seq) => entryOf(eventAt(seq), seq));

function checkpointOver(entries: readonly LogEntry[], privateKey = pair.privateKey): string {
  const tree = createTreeWalker();
  for (const entry of entries) tree.append(Buffer.from(entry.leafHash, 'base64url'));
  return signCheckpoint({ origin: key.name, size: tree.size, root: tree.root(), signedAt: 1 }, key, privateKey);
}

const evidence = (change: Partial<LogEvidence> = {}): LogEvidence => ({
  checkpoints: [],
  witnessed: [],
  purges: new Map(),
  keys: [key],
  ...change,
});

const SIZE = 40;
const witnessed = [checkpointOver(honest(SIZE))];

test('an empty log verifies', async () => {
  expect(await verifyLog([], evidence())).toMatchObject({ ok: true, size: 0 });
});

test('an honest log verifies, also when it has grown since it was witnessed', async () => {
  const verdict = await verifyLog(
    honest(SIZE + 9),
    evidence({ witnessed, checkpoints: [checkpointOver(honest(SIZE + 9))] }),
  );
  expect(verdict).toEqual({ ok: true, size: SIZE + 9, purged: 0, checkpointedSize: SIZE + 9, broken: null });
});

type Attack = (entries: LogEntry[], at: number) => LogEntry[];

const renumber = (entries: LogEntry[]): LogEntry[] => entries.map((entry, seq) => ({ ...entry, seq }));
const edited = (entry: LogEntry): SealedEvent => ({ ...(entry.event as SealedEvent), actor_id: 'somebody else' });

/** What somebody who may write to the database could do; the later ones also repair every hash and number. */
const attacks: Record<string, Attack> = {
  'edits an event': (entries, at) => entries.map((entry, i) => (i === at ? { ...entry, event: edited(entry) } : entry)),
  'edits an event and its hash': (entries, at) =>
    entries.map((entry, i) => (i === at ? entryOf(edited(entry), i) : entry)),
  'deletes an event': (entries, at) => entries.map((entry, i) => (i === at ? { ...entry, event: null } : entry)),
  'deletes an event and calls it purged': (entries, at) =>
    entries.map((entry, i) => (i === at ? { ...entry, event: null, purgeId: 'invented' } : entry)),
  'deletes an entry': (entries, at) => entries.filter((_, i) => i !== at),
  'deletes an entry and closes the gap': (entries, at) => renumber(entries.filter((_, i) => i !== at)),
  'swaps two entries': (entries, at) => {
    const other = (at + 1) % entries.length;
    const swapped = [...entries];
    [swapped[at], swapped[other]] = [entries[other] as LogEntry, entries[at] as LogEntry];
    return renumber(swapped);
  },
  'inserts an event': (entries, at) =>
    renumber([...entries.slice(0, at), entryOf(eventAt(9_999), at), ...entries.slice(at)]),
  'cuts off the newest': (entries, at) => entries.slice(0, at),
  'repeats an entry': (entries, at) =>
    renumber([...entries.slice(0, at), entries[at] as LogEntry, ...entries.slice(at)]),
};

//
test.each(Object.entries(attacks))(
  'whoever %s is found out against a witnessed checkpoint, a hundred times',
  async (_title, attack) => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: SIZE - 1 }), async (at) => {
        const forged = attack(honest(SIZE), at);
        const verdict = await verifyLog(forged, evidence({ witnessed }));
        expect(verdict.ok).toBe(false);
      }),
      { numRuns: 100 },
    );
  },
);

//
test('the first broken entry is named', async () => {
  const forged = attacks['edits an event']?.(honest(SIZE), 17) ?? [];
  expect((await verifyLog(forged, evidence({ witnessed }))).broken).toEqual({
    seq: 17,
    problem: 'the event was changed',
  });
  const cut = await verifyLog(honest(30), evidence({ witnessed }));
  expect(cut.broken).toMatchObject({ seq: 30 });
});

test('a log that was rewritten and signed again with the stolen key is found out by its witness', async () => {
  const rewritten = attacks['edits an event and its hash']?.(honest(SIZE), 3) ?? [];
  const checkpoints = [checkpointOver(rewritten)];
  expect((await verifyLog(rewritten, evidence({ checkpoints }))).ok).toBe(true);
  expect((await verifyLog(rewritten, evidence({ checkpoints, witnessed }))).ok).toBe(false);
});

//
test.each([
  ['no checkpoint at all', []],
  ['a checkpoint over its beginning only', [checkpointOver(honest(SIZE - 9))]],
])('entries that nobody signed are not believed: %s', async (_what, checkpoints) => {
  const forged = attacks['edits an event and its hash']?.(honest(SIZE), SIZE - 1) ?? [];
  const verdict = await verifyLog(forged, evidence({ checkpoints }));
  expect(verdict).toMatchObject({ ok: false, broken: { problem: expect.stringContaining('no checkpoint') } });
});

test('a checkpoint signed by another key is no checkpoint', async () => {
  const stranger = generateKeyPairSync('ed25519').privateKey;
  const verdict = await verifyLog(honest(SIZE), evidence({ checkpoints: [checkpointOver(honest(SIZE), stranger)] }));
  expect(verdict.broken?.problem).toContain('not signed by a known key');
});

test('events removed by a signed purge are accepted, and no others under its name', async () => {
  const entries = honest(SIZE).map((entry) => (entry.seq < 5 ? { ...entry, event: null, purgeId: 'p1' } : entry));
  const leaves = entries.slice(0, 5).map(({ seq, leafHash: hash }) => ({ seq, leafHash: hash }));
  const purges = new Map([['p1', signPurge({ leaves, purgedAt: 7 }, key, pair.privateKey)]]);
  expect(await verifyLog(entries, evidence({ witnessed, purges }))).toMatchObject({ ok: true, purged: 5 });
  const more = entries.map((entry) => (entry.seq === 5 ? { ...entry, event: null, purgeId: 'p1' } : entry));
  expect((await verifyLog(more, evidence({ witnessed, purges }))).ok).toBe(false);
});

test('a verifier key is read back, and a changed one is not', () => {
  const text = writeVerifierKey(key);
  expect(readVerifierKey(text)).toEqual(key);
  expect(readVerifierKey(text.replace('auth', 'evil'))).toBeNull();
  expect(readVerifierKey('nonsense')).toBeNull();
});
