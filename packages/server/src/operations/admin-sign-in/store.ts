import { type Reader, statement, type Tx, takeOnce } from '../../platform/database/index.ts';
import { ADMINISTRATORS_CLIENT } from '../../tenancy/clients/index.ts';
import type { AdminChallengesTable, AdminSessionsTable } from './tables.ts';

const client_id = ADMINISTRATORS_CLIENT;

type Of = { id: string; client_id: string };

export const insertChallenge = statement<AdminChallengesTable, never>((query, p) =>
  query.insertInto('admin_challenges').values({
    id: p('id'),
    client_id: p('client_id'),
    user_id: p('user_id'),
    purpose: p('purpose'),
    secret_hash: p('secret_hash'),
    payload_sealed: p('payload_sealed'),
    expires_at: p('expires_at'),
  }),
);

const challengeById = statement<Of, AdminChallengesTable>((query, p) =>
  query.selectFrom('admin_challenges').selectAll().where('id', '=', p('id')).where('client_id', '=', p('client_id')),
);

export function findChallenge(on: Reader, id: string): Promise<AdminChallengesTable | null> {
  return challengeById.first(on, { id, client_id });
}

const take = takeOnce<Of, { id: string }>('admin_challenge', (query, p) =>
  query
    .deleteFrom('admin_challenges')
    .where('id', '=', p('id'))
    .where('client_id', '=', p('client_id'))
    .returning('id'),
);

/** Takes a challenge: whoever gets it is the only one who ever does (D9). */
export async function takeChallenge(tx: Tx, id: string): Promise<boolean> {
  return (await take.first(tx, { id, client_id })) !== null;
}

const pendingOf = statement<{ user_id: string; client_id: string }, AdminChallengesTable>((query, p) =>
  query
    .selectFrom('admin_challenges')
    .selectAll()
    .where('user_id', '=', p('user_id'))
    .where('client_id', '=', p('client_id'))
    .where('purpose', '=', 'totp')
    // Two that were begun at once: the one whose code was shown last.
    .orderBy('id', 'desc')
    .limit(1),
);

/** The authenticator app that an administrator has begun to set up in the place of theirs. */
export function findPending(on: Reader, userId: string): Promise<AdminChallengesTable | null> {
  return pendingOf.first(on, { client_id, user_id: userId });
}

const dropPending = statement<{ user_id: string; client_id: string }, never>((query, p) =>
  query
    .deleteFrom('admin_challenges')
    .where('user_id', '=', p('user_id'))
    .where('client_id', '=', p('client_id'))
    .where('purpose', '=', 'totp'),
);

/** Forgets that app: only the newest counts. */
export async function forgetPending(tx: Tx, userId: string): Promise<void> {
  await dropPending.run(tx, { client_id, user_id: userId });
}

export const insertSession = statement<AdminSessionsTable, never>((query, p) =>
  query.insertInto('admin_sessions').values({
    id: p('id'),
    client_id: p('client_id'),
    user_id: p('user_id'),
    created_at: p('created_at'),
    authenticated_at: p('authenticated_at'),
    expires_at: p('expires_at'),
    ended_at: p('ended_at'),
    ip: p('ip'),
    user_agent: p('user_agent'),
  }),
);

const sessionById = statement<Of, AdminSessionsTable>((query, p) =>
  query.selectFrom('admin_sessions').selectAll().where('id', '=', p('id')).where('client_id', '=', p('client_id')),
);

export function findSession(on: Reader, id: string): Promise<AdminSessionsTable | null> {
  return sessionById.first(on, { id, client_id });
}

const prove = statement<Of & { now: number }, AdminSessionsTable>((query, p) =>
  query
    .updateTable('admin_sessions')
    .set({ authenticated_at: p('now') })
    .where('id', '=', p('id'))
    .where('client_id', '=', p('client_id'))
    .where('ended_at', 'is', null)
    .returningAll(),
);

/** Notes a fresh proof; null when the session has ended meanwhile. */
export function noteProof(tx: Tx, id: string, now: number): Promise<AdminSessionsTable | null> {
  return prove.first(tx, { id, client_id, now });
}

const end = statement<Of & { now: number }, never>((query, p) =>
  query
    .updateTable('admin_sessions')
    .set({ ended_at: p('now') })
    .where('id', '=', p('id'))
    .where('client_id', '=', p('client_id'))
    .where('ended_at', 'is', null),
);

export async function endSession(tx: Tx, id: string, now: number): Promise<boolean> {
  return (await end.run(tx, { id, client_id, now })) > 0;
}

const endAll = statement<{ client_id: string; user_id: string; now: number }, never>((query, p) =>
  query
    .updateTable('admin_sessions')
    .set({ ended_at: p('now') })
    .where('user_id', '=', p('user_id'))
    .where('client_id', '=', p('client_id'))
    .where('ended_at', 'is', null),
);

const forgetChallenges = statement<{ client_id: string; user_id: string }, never>((query, p) =>
  query.deleteFrom('admin_challenges').where('user_id', '=', p('user_id')).where('client_id', '=', p('client_id')),
);

const endRest = statement<{ client_id: string; user_id: string; id: string; now: number }, never>((query, p) =>
  query
    .updateTable('admin_sessions')
    .set({ ended_at: p('now') })
    .where('user_id', '=', p('user_id'))
    .where('client_id', '=', p('client_id'))
    .where('id', '<>', p('id'))
    .where('ended_at', 'is', null),
);

/** Ends every session of an administrator but one, and every sign-in under way. */
export async function endOtherSessions(
  tx: Tx,
  { userId, sessionId, now }: { userId: string; sessionId: string; now: number },
): Promise<void> {
  await endRest.run(tx, { client_id, user_id: userId, id: sessionId, now });
  await forgetChallenges.run(tx, { client_id, user_id: userId });
}

const hold = statement<{ id: string; client_id: string }, never>((query, p) =>
  query
    .updateTable('admin_sessions')
    .set(({ ref }) => ({ id: ref('id') }))
    .where('id', '=', p('id'))
    .where('client_id', '=', p('client_id'))
    .where('ended_at', 'is', null),
);

/**
 * Holds a session that has not ended, so that nobody ends it before the transaction does; false when somebody has. Its expiry is the
 * guard's business.
 */
export async function holdOpenSession(tx: Tx, id: string): Promise<boolean> {
  return (await hold.run(tx, { id, client_id })) > 0;
}

/** Ends every session of an administrator, and every sign-in under way. */
export async function endSessionsOf(tx: Tx, userId: string, now: number): Promise<void> {
  await endAll.run(tx, { client_id, user_id: userId, now });
  await forgetChallenges.run(tx, { client_id, user_id: userId });
}

const oldChallenges = statement<{ before: number }, never>((query, p) =>
  query.deleteFrom('admin_challenges').where('expires_at', '<', p('before')),
);
const oldSessions = statement<{ before: number }, never>((query, p) =>
  query.deleteFrom('admin_sessions').where('expires_at', '<', p('before')),
);

/** Forgets challenges and sessions that ran out before `before`. */
export async function forgetExpired(tx: Tx, before: number): Promise<void> {
  await oldChallenges.run(tx, { before });
  await oldSessions.run(tx, { before });
}
