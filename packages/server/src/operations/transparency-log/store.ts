import { sql } from 'kysely';
import { isAmong, listOf, namesIn, type Reader, rowsIn, statement, type Tx } from '../../platform/database/index.ts';
import type {
  AuditCheckpointsTable,
  AuditKeysTable,
  AuditLeavesTable,
  AuditNodesTable,
  AuditPurgesTable,
} from './tables.ts';

const SEAL_LOCK = 7_777_002;

/** Whether this node may seal now; on SQLite the transaction itself is the lock. */
export async function lockForSealing(tx: Tx): Promise<boolean> {
  if (tx.dialect === 'sqlite') return true;
  const { rows } = await sql<{ locked: boolean }>`select pg_try_advisory_xact_lock(${SEAL_LOCK}) as locked`.execute(
    tx.query,
  );
  return rows[0]?.locked === true;
}

const LEAF = { bigint: ['seq'], text: ['event_id', 'leaf_hash', 'client_id', 'user_id', 'purge_id'] } as const;

const addLeaves = statement<{ rows: string }, never>((query, p, dialect) =>
  query
    .insertInto('audit_leaves')
    .columns(namesIn(LEAF))
    .expression(rowsIn(dialect, { list: p('rows'), columns: LEAF })),
);

export function insertLeaves(tx: Tx, leaves: readonly AuditLeavesTable[]): void {
  addLeaves.send(tx, { rows: listOf(leaves) });
}

const NODE = { integer: ['level'], bigint: ['position'], text: ['hash'] } as const;

const addNodes = statement<{ rows: string }, never>((query, p, dialect) =>
  query
    .insertInto('audit_nodes')
    .columns(namesIn(NODE))
    .expression(rowsIn(dialect, { list: p('rows'), columns: NODE })),
);

export function insertNodes(tx: Tx, nodes: readonly AuditNodesTable[]): void {
  addNodes.send(tx, { rows: listOf(nodes) });
}

const lastLeaf = statement<object, { seq: number }>((query) =>
  query.selectFrom('audit_leaves').select('seq').orderBy('seq', 'desc').limit(1),
);

/** How many events have their place. */
export async function treeSize(on: Reader): Promise<number> {
  const last = await lastLeaf.first(on, {});
  return last === null ? 0 : last.seq + 1;
}

const leafBySeq = statement<{ seq: number }, { hash: string }>((query, p) =>
  query.selectFrom('audit_leaves').select('leaf_hash as hash').where('seq', '=', p('seq')),
);
const nodeAt = statement<{ level: number; position: number }, { hash: string }>((query, p) =>
  query.selectFrom('audit_nodes').select('hash').where('level', '=', p('level')).where('position', '=', p('position')),
);

/** The stored hash of a complete subtree. Throws when it is missing, which only tampering explains. */
export async function findNode(on: Reader, at: { level: number; position: number }): Promise<Buffer> {
  const row = at.level === 0 ? await leafBySeq.first(on, { seq: at.position }) : await nodeAt.first(on, at);
  if (!row) throw new Error(`the audit tree lacks its node ${at.level}/${at.position}`);
  return Buffer.from(row.hash, 'base64url');
}

const leafOfEvent = statement<{ event_id: string }, AuditLeavesTable>((query, p) =>
  query.selectFrom('audit_leaves').selectAll().where('event_id', '=', p('event_id')),
);

export function findLeaf(on: Reader, eventId: string): Promise<AuditLeavesTable | null> {
  return leafOfEvent.first(on, { event_id: eventId });
}

/** The places from `from` up to but not including `to`, in order. */
export const leavesFrom = statement<{ from: number; to: number; most: number }, AuditLeavesTable>((query, p) =>
  query
    .selectFrom('audit_leaves')
    .selectAll()
    .where('seq', '>=', p('from'))
    .where('seq', '<', p('to'))
    .orderBy('seq')
    .limit(p('most')),
);

/** Up to `most` places from `from` on, in order; the sequence has no gaps. */
export function listLeaves(on: Reader, { from, most }: { from: number; most: number }): Promise<AuditLeavesTable[]> {
  return leavesFrom.all(on, { from, to: from + most, most });
}

type OfUser = { client_id: string; user_id: string; before: number; most: number };

const ofUser = statement<OfUser, AuditLeavesTable>((query, p) =>
  query
    .selectFrom('audit_leaves')
    .selectAll()
    .where('user_id', '=', p('user_id'))
    .where('client_id', '=', p('client_id'))
    .where('seq', '<', p('before'))
    .orderBy('seq', 'desc')
    .limit(p('most')),
);

/** Up to `most` places of events about one user before the place `before`, the last one first. */
export function listLeavesOfUser(
  on: Reader,
  { clientId, userId, before, most }: { clientId: string; userId: string; before: number; most: number },
): Promise<AuditLeavesTable[]> {
  return ofUser.all(on, { client_id: clientId, user_id: userId, before, most });
}

const ofEvents = statement<{ ids: string }, AuditLeavesTable>((query, p, dialect) =>
  query
    .selectFrom('audit_leaves')
    .selectAll()
    .where(isAmong(dialect, 'event_id', { list: p('ids') })),
);

export function leavesOf(on: Reader, eventIds: readonly string[]): Promise<AuditLeavesTable[]> {
  return ofEvents.all(on, { ids: listOf(eventIds) });
}

export const insertPurge = statement<AuditPurgesTable, never>((query, p) =>
  query
    .insertInto('audit_purges')
    .values({ id: p('id'), note: p('note'), purged: p('purged'), purged_at: p('purged_at') }),
);

export const listPurges = statement<object, AuditPurgesTable>((query) =>
  query.selectFrom('audit_purges').selectAll().orderBy('id'),
);

const mark = statement<{ purge_id: string; seqs: string }, never>((query, p, dialect) =>
  query
    .updateTable('audit_leaves')
    .set({ purge_id: p('purge_id'), user_id: null })
    .where(isAmong(dialect, 'seq', { list: p('seqs'), type: 'bigint' })),
);

export async function markPurged(tx: Tx, of: { purgeId: string; seqs: readonly number[] }): Promise<void> {
  await mark.run(tx, { purge_id: of.purgeId, seqs: listOf(of.seqs) });
}

export const checkpointSizes = statement<object, { tree_size: number }>((query) =>
  query.selectFrom('audit_checkpoints').select('tree_size').orderBy('tree_size'),
);

export const insertCheckpoint = statement<AuditCheckpointsTable, never>((query, p) =>
  query
    .insertInto('audit_checkpoints')
    .values({ tree_size: p('tree_size'), note: p('note'), created_at: p('created_at') }),
);

const newestCheckpoint = statement<object, AuditCheckpointsTable>((query) =>
  query.selectFrom('audit_checkpoints').selectAll().orderBy('tree_size', 'desc').limit(1),
);

/** The newest checkpoint, or null while nothing is sealed. */
export function findNewestCheckpoint(on: Reader): Promise<AuditCheckpointsTable | null> {
  return newestCheckpoint.first(on, {});
}

const checkpointAt = statement<{ tree_size: number }, AuditCheckpointsTable>((query, p) =>
  query.selectFrom('audit_checkpoints').selectAll().where('tree_size', '=', p('tree_size')),
);

export function findCheckpoint(on: Reader, size: number): Promise<AuditCheckpointsTable | null> {
  return checkpointAt.first(on, { tree_size: size });
}

export const listKeys = statement<object, AuditKeysTable>((query) =>
  query.selectFrom('audit_keys').selectAll().orderBy('created_at', 'desc').orderBy('kid'),
);

export const insertKey = statement<AuditKeysTable, never>((query, p) =>
  query.insertInto('audit_keys').values({
    kid: p('kid'),
    verifier_key: p('verifier_key'),
    private_sealed: p('private_sealed'),
    created_at: p('created_at'),
  }),
);

const eventsAndPlaces = statement<{ after: string; most: number }, { id: string; known: number }>((query, p) =>
  query
    .selectFrom('audit_events as event')
    .leftJoin('audit_leaves as place', 'place.event_id', 'event.id')
    .leftJoin('audit_unsealed as waiting', 'waiting.event_id', 'event.id')
    .select('event.id')
    .select((eb) =>
      eb
        .case()
        .when(eb.or([eb('place.seq', 'is not', null), eb('waiting.event_id', 'is not', null)]))
        .then(1)
        .else(0)
        .end()
        .as('known'),
    )
    .where('event.id', '>', p('after'))
    .orderBy('event.id')
    .limit(p('most')),
);

/** Events in the order of their ids, after the id `after`: whether each has its place in the log, or is on the list of those that wait. */
export function listPlacing(
  on: Reader,
  page: { after: string; most: number },
): Promise<{ id: string; known: number }[]> {
  return eventsAndPlaces.all(on, page);
}
