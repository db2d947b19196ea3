import { sql } from 'kysely';
import { isAmong, listOf, type Reader, rowsIn, statement, type Tx, takeOnce } from '../../platform/database/index.ts';
import type { SessionsTable } from './tables.ts';

type Of = { id: string; client_id: string };

export const insertSession = statement<SessionsTable, never>((query, p) =>
  query.insertInto('sessions').values({
    id: p('id'),
    client_id: p('client_id'),
    user_id: p('user_id'),
    created_at: p('created_at'),
    expires_at: p('expires_at'),
    idle_ttl_ms: p('idle_ttl_ms'),
    last_used_at: p('last_used_at'),
    amr: p('amr'),
    acr: p('acr'),
    refresh_hash: p('refresh_hash'),
    previous_hash: p('previous_hash'),
    replaced_at: p('replaced_at'),
    successor_sealed: p('successor_sealed'),
    page_hash: p('page_hash'),
    user_agent: p('user_agent'),
    ip: p('ip'),
    ended_at: p('ended_at'),
    end_reason: p('end_reason'),
  }),
);

export const findSession = statement<Of, SessionsTable>((query, p) =>
  query.selectFrom('sessions').selectAll().where('id', '=', p('id')).where('client_id', '=', p('client_id')),
);

/** Finds a session by its id alone: for cookies of the hosted pages, which name no client. */
export const findSessionOfAnyClient = statement<{ id: string }, SessionsTable>((query, p) =>
  query.selectFrom('sessions').selectAll().where('id', '=', p('id')),
);

const held = statement<{ ids: string; clientIds: string }, SessionsTable>((query, p, dialect) => {
  const some = query
    .selectFrom('sessions')
    .selectAll()
    .where(isAmong(dialect, 'id', { list: p('ids') }))
    .where(isAmong(dialect, 'client_id', { list: p('clientIds') }));
  return dialect === 'postgres' ? some.forNoKeyUpdate().skipLocked() : some;
});

/**
 * The sessions with these ids in any of these clients, in no order, held still until the transaction ends. One that another transaction
 * holds is left out: those who travel together do not wait for one.
 */
export function holdSessions(
  tx: Tx,
  of: { clientIds: readonly string[]; ids: readonly string[] },
): Promise<SessionsTable[]> {
  return held.all(tx, { ids: listOf(of.ids), clientIds: listOf(of.clientIds) });
}

export interface Rotation extends Of {
  from: string;
  to: string;
  sealed: string;
}

const rotate = takeOnce<Rotation & { now: number }, never>('refresh_token', (query, p) =>
  query
    .updateTable('sessions')
    .set({
      refresh_hash: p('to'),
      previous_hash: p('from'),
      successor_sealed: p('sealed'),
      replaced_at: p('now'),
      last_used_at: p('now'),
    })
    .where('id', '=', p('id'))
    .where('client_id', '=', p('client_id'))
    .where('refresh_hash', '=', p('from'))
    .where('ended_at', 'is', null),
);

const rotateAll = takeOnce<{ list: string; ids: string; now: number }, { id: string }>(
  'refresh_token',
  (query, p, dialect) => {
    const columns = { text: ['id', 'client_id', 'from', 'to', 'sealed'] } as const;
    const asked = sql<Rotation>`(${rowsIn(dialect, { list: p('list'), columns })})`.as<'asked'>(sql.ref('asked'));
    return (
      query
        .updateTable('sessions')
        .from(asked)
        .set((eb) => ({
          refresh_hash: eb.ref('asked.to'),
          previous_hash: eb.ref('asked.from'),
          successor_sealed: eb.ref('asked.sealed'),
          replaced_at: p('now'),
          last_used_at: p('now'),
        }))
        // Said twice, for Postgres takes the list of rows for so long that it would rather read the whole table.
        .where(isAmong(dialect, 'sessions.id', { list: p('ids') }))
        .whereRef('sessions.id', '=', 'asked.id')
        .whereRef('sessions.client_id', '=', 'asked.client_id')
        .whereRef('sessions.refresh_hash', '=', 'asked.from')
        .where('sessions.ended_at', 'is', null)
        .returning('sessions.id')
    );
  },
);

/** Compare-and-swap of refresh tokens, of each session one; the ids of the sessions where nobody else was first. */
export async function rotateTokens(tx: Tx, of: { rotations: readonly Rotation[]; now: number }): Promise<Set<string>> {
  const { rotations, now } = of;
  const [one] = rotations;
  if (!one) return new Set();
  if (rotations.length === 1) return new Set((await rotate.run(tx, { ...one, now })) > 0 ? [one.id] : []);
  const ids = listOf(rotations.map(({ id }) => id));
  return new Set((await rotateAll.all(tx, { list: listOf(rotations), ids, now })).map(({ id }) => id));
}

interface End {
  client_id: string;
  now: number;
  reason: string;
}

const endOne = statement<End & { id: string; user_id: string }, never>((query, p) =>
  query
    .updateTable('sessions')
    .set({ ended_at: p('now'), end_reason: p('reason') })
    .where('id', '=', p('id'))
    .where('client_id', '=', p('client_id'))
    .where('user_id', '=', p('user_id'))
    .where('ended_at', 'is', null),
);

/** Ends one session of a user; false when there is none, or it had ended before. */
export async function endSessionRow(tx: Tx, of: End & { id: string; user_id: string }): Promise<boolean> {
  return (await endOne.run(tx, of)) > 0;
}

const endAll = statement<End & { user_id: string; except: string }, { id: string }>((query, p) =>
  query
    .updateTable('sessions')
    .set({ ended_at: p('now'), end_reason: p('reason') })
    .where('user_id', '=', p('user_id'))
    .where('client_id', '=', p('client_id'))
    .where('id', '<>', p('except'))
    .where('ended_at', 'is', null)
    .where('expires_at', '>', p('now'))
    .returning('id'),
);

/** Ends every session of a user but `except` (empty for none); returns how many. */
export async function endSessionRows(tx: Tx, of: End & { user_id: string; except: string }): Promise<number> {
  return (await endAll.all(tx, of)).length;
}

const endOfClient = statement<End, never>((query, p) =>
  query
    .updateTable('sessions')
    .set({ ended_at: p('now'), end_reason: p('reason') })
    .where('client_id', '=', p('client_id'))
    .where('ended_at', 'is', null)
    .where('expires_at', '>', p('now')),
);

/** Ends every session of a client; returns how many. */
export function endClientRows(tx: Tx, of: End): Promise<number> {
  return endOfClient.run(tx, of);
}

const ofUser = statement<{ client_id: string; user_id: string }, SessionsTable>((query, p) =>
  query
    .selectFrom('sessions')
    .selectAll()
    .where('user_id', '=', p('user_id'))
    .where('client_id', '=', p('client_id'))
    .orderBy('created_at')
    .orderBy('id'),
);

/** Every session of a user that is kept, also those that are over. */
export function listAll(on: Reader, of: { client_id: string; user_id: string }): Promise<SessionsTable[]> {
  return ofUser.all(on, of);
}

const live = statement<{ client_id: string; user_id: string; now: number }, SessionsTable>((query, p) =>
  query
    .selectFrom('sessions')
    .selectAll()
    .where('user_id', '=', p('user_id'))
    .where('client_id', '=', p('client_id'))
    .where('ended_at', 'is', null)
    .where('expires_at', '>', p('now'))
    .orderBy('created_at')
    .orderBy('id')
    .limit(200),
);

/** The sessions of a user that have neither ended nor expired, oldest first. */
export function listLive(
  on: Reader,
  of: { client_id: string; user_id: string; now: number },
): Promise<SessionsTable[]> {
  return live.all(on, of);
}

export const touchSession = statement<Of & { now: number }, never>((query, p) =>
  query
    .updateTable('sessions')
    .set({ last_used_at: p('now') })
    .where('id', '=', p('id'))
    .where('client_id', '=', p('client_id')),
);

/** Forgets sessions that were over before `before`. */
const deleteOver = statement<{ before: number }, never>((query, p) =>
  query.deleteFrom('sessions').where('expires_at', '<', p('before')),
);

/** Forgets sessions whose absolute end was before `before`. */
export async function forgetExpired(tx: Tx, before: number): Promise<void> {
  await deleteOver.run(tx, { before });
}
