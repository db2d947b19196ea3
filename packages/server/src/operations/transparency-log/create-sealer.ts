import type { Clock } from '../../platform/clock/index.ts';
import type { Database, Tx } from '../../platform/database/index.ts';
import {
  createTreeWalker,
  leafHash,
  peaksOf,
  signCheckpoint,
  verifyCheckpoint,
} from '../../platform/merkle-log/index.ts';
import type { Vault } from '../../platform/secrets/index.ts';
import { hasUnsealed, takeUnsealed } from '../audit-log/index.ts';
import { type AuditKey, openAuditKey } from './audit-keys.ts';
import { canonicalEvent } from './canonical-event.ts';
import {
  findCheckpoint,
  findNode,
  insertCheckpoint,
  insertLeaves,
  insertNodes,
  lockForSealing,
  treeSize,
} from './store.ts';
import type { AuditLeavesTable, AuditNodesTable } from './tables.ts';

export interface SealerDeps {
  clock: Clock;
  database: Database;
  vault: Vault;
  onFailure(error: unknown): void;
  /** Told after each sealing; `size` is the number of events that have their place. */
  onSealed(size: number): void;
}

export interface Sealer {
  /** Gives every committed event its place, now. */
  seal(): Promise<void>;
  start(): void;
  stop(): Promise<void>;
}

const INTERVAL_MS = 400;
/** SQLite does not let go of the event loop in a batch: some ten milliseconds are the most that a request may wait for one. */
const BATCH = 500;

/** What one sealing did. */
interface Sealing {
  /** Of the tree. */
  size: number;
  /** Whether more events may wait than it took. */
  isFull: boolean;
}

/**
 * The tree to go on with. Throws when it is not the one that was signed last: to sign it now would put the seal of the log on whatever
 * somebody made of it.
 */
async function openTree(tx: Tx, key: AuditKey) {
  const size = await treeSize(tx);
  const peaks = [];
  for (const { level, position } of peaksOf(size)) peaks.push({ level, hash: await findNode(tx, { level, position }) });
  const tree = createTreeWalker(size, peaks);
  if (size === 0) return tree;
  const signed = verifyCheckpoint((await findCheckpoint(tx, size))?.note ?? '', [key]);
  if (!signed?.root.equals(tree.root())) throw new Error('the audit log is not the one that was signed last');
  return tree;
}

/** Seals one batch; null when there was nothing to do or another node is at it. */
async function sealBatch(deps: SealerDeps, key: AuditKey): Promise<Sealing | null> {
  return deps.database.write(async (tx) => {
    if (!(await lockForSealing(tx))) return null;
    const events = await takeUnsealed(tx, BATCH);
    if (events.length === 0) return null;
    const tree = await openTree(tx, key);
    const leaves: AuditLeavesTable[] = [];
    const nodes: AuditNodesTable[] = [];
    for (const event of events) {
      const leaf = leafHash(canonicalEvent(event));
      const { id, client_id, user_id } = event;
      const leaf_hash = leaf.toString('base64url');
      leaves.push({ seq: tree.size, event_id: id, leaf_hash, client_id, user_id, purge_id: null });
      for (const { level, position, hash } of tree.append(leaf))
        nodes.push({ level, position, hash: hash.toString('base64url') });
    }
    insertLeaves(tx, leaves);
    insertNodes(tx, nodes);
    const signedAt = deps.clock.now();
    const note = signCheckpoint(
      { origin: key.name, size: tree.size, root: tree.root(), signedAt },
      key,
      key.privateKey,
    );
    insertCheckpoint.send(tx, { tree_size: tree.size, note, created_at: signedAt });
    return { size: tree.size, isFull: events.length === BATCH };
  });
}

/** Looks for committed events several times a second and seals them, on whichever node gets there first. */
export function createSealer(deps: SealerDeps): Sealer {
  let timer: NodeJS.Timeout | null = null;
  let key: AuditKey | null = null;
  let underWay: Promise<void> = Promise.resolve();

  const round = async (): Promise<void> => {
    // What is committed meanwhile waits for the next round: each sealing costs a signature and a verification, however few it takes.
    for (let isFull = true; isFull && (await hasUnsealed(deps.database.read)); ) {
      key ??= await openAuditKey(deps.database.read, deps.vault);
      const sealing = await sealBatch(deps, key);
      if (sealing === null) return;
      deps.onSealed(sealing.size);
      isFull = sealing.isFull;
    }
  };
  const seal = (): Promise<void> => {
    underWay = underWay.then(round, round);
    return underWay;
  };
  const look = () => {
    seal().catch(deps.onFailure);
  };
  return {
    seal,
    start: () => {
      timer ??= setInterval(look, INTERVAL_MS).unref();
    },
    stop: async () => {
      if (timer) clearInterval(timer);
      timer = null;
      await underWay.catch(() => undefined);
    },
  };
}
