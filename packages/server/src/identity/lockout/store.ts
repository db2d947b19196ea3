import { sql } from 'kysely';
import { type ParameterOf, statement, type Tx } from '../../platform/database/index.ts';
import { KNOWN_FOR_MS, type Limits, MOST_IN_A_ROW, NOBODY } from './lockout-policy.ts';
import type { GuessCountsTable } from './tables.ts';

export type Counter = Pick<GuessCountsTable, 'client_id' | 'subject' | 'authenticator' | 'place'>;

interface Counting extends Counter {
  now: number;
  /** With so many guesses a window is full. */
  most: number;
  /** Windows that started then or earlier are over. */
  windowOver: number;
  /** The lockouts of windows that became full then or earlier are over. */
  lockoutOver: number;
}

const isOver = (p: ParameterOf<Counting>) =>
  sql<boolean>`(guess_counts.window_started_at <= case when guess_counts.window_failures >= ${p('most')} then cast(${p('lockoutOver')} as bigint) else cast(${p('windowOver')} as bigint) end)`;
const windowFailures = (p: ParameterOf<Counting>) =>
  sql<number>`case when ${isOver(p)} then 1 else guess_counts.window_failures + 1 end`;
/** The guess that fills a window begins its lockout. */
const windowStart = (p: ParameterOf<Counting>) =>
  sql<number>`case when ${isOver(p)} or guess_counts.window_failures + 1 >= ${p('most')} then cast(${p('now')} as bigint) else guess_counts.window_started_at end`;
const isOpen = (p: ParameterOf<Counting>) =>
  sql<boolean>`(${isOver(p)} or guess_counts.window_failures < ${p('most')})`;

const KEY = ['client_id', 'subject', 'authenticator', 'place'] as const;

/** One row of counts: its key, as values of an insert and as what an update looks for. */
const keyOf = <C extends Counter>(p: ParameterOf<C>) => ({
  client_id: p('client_id'),
  subject: p('subject'),
  authenticator: p('authenticator'),
  place: p('place'),
});

/** Counts a guess from a strange network in one statement; no row when it is one too many. */
const countStranger = statement<Counting, { failures: number }>((query, p) =>
  query
    .insertInto('guess_counts')
    .values({
      ...keyOf(p),
      failures: 1,
      window_failures: 1,
      window_started_at: p('now'),
      updated_at: p('now'),
    })
    .onConflict((conflict) =>
      conflict
        .columns(KEY)
        .doUpdateSet({
          failures: sql<number>`guess_counts.failures + 1`,
          window_failures: windowFailures(p),
          window_started_at: windowStart(p),
          updated_at: sql<number>`excluded.updated_at`,
        })
        .where(sql<boolean>`guess_counts.failures < ${sql.lit(MOST_IN_A_ROW)}`)
        .where(isOpen(p)),
    )
    .returning('failures'),
);

/** Counts a guess from a network the owner signed in from. */
const countKnown = statement<Counting, { window_failures: number }>((query, p) =>
  query
    .updateTable('guess_counts')
    .set({ window_failures: windowFailures(p), window_started_at: windowStart(p) })
    .where((eb) => eb.and(keyOf(p)))
    .where(isOpen(p))
    .returning('window_failures'),
);

const countInARow = statement<Counting, { failures: number }>((query, p) =>
  query
    .insertInto('guess_counts')
    .values({
      ...keyOf(p),
      failures: 1,
      window_failures: 0,
      window_started_at: p('now'),
      updated_at: p('now'),
    })
    .onConflict((conflict) =>
      conflict
        .columns(KEY)
        .doUpdateSet({ failures: sql<number>`guess_counts.failures + 1`, updated_at: sql<number>`excluded.updated_at` })
        .where(sql<boolean>`guess_counts.failures < ${sql.lit(MOST_IN_A_ROW)}`),
    )
    .returning('failures'),
);

export const findCount = statement<Counter, GuessCountsTable>((query, p) =>
  query
    .selectFrom('guess_counts')
    .selectAll()
    .where((eb) => eb.and(keyOf(p))),
);

const STRANGE = '';

/** Counts a guess; false when it is one too many. `known` says that the place has a count of its own. */
export async function countGuess(
  tx: Tx,
  of: Counter & { now: number; limits: Limits },
  known: boolean,
): Promise<boolean> {
  const { limits, ...counter } = of;
  const { most, windowMs, lockoutMs } = limits;
  const counting = { ...counter, most, windowOver: of.now - windowMs, lockoutOver: of.now - lockoutMs };
  if (!known) return (await countStranger.first(tx, { ...counting, place: STRANGE })) !== null;
  if ((await countKnown.first(tx, counting)) === null) return false;
  return (await countInARow.first(tx, { ...counting, place: STRANGE })) !== null;
}

const endRow = statement<Counter, never>((query, p) =>
  query
    .updateTable('guess_counts')
    .set({ failures: 0 })
    .where((eb) => eb.and(keyOf(p))),
);

const endWindow = statement<Counter, never>((query, p) =>
  query
    .updateTable('guess_counts')
    .set({ window_failures: 0 })
    .where((eb) => eb.and(keyOf(p))),
);

const knowPlace = statement<Counter & { now: number }, never>((query, p) =>
  query
    .insertInto('guess_counts')
    .values({
      ...keyOf(p),
      failures: 0,
      window_failures: 0,
      window_started_at: p('now'),
      updated_at: p('now'),
    })
    .onConflict((conflict) =>
      conflict.columns(KEY).doUpdateSet({ window_failures: 0, updated_at: sql<number>`excluded.updated_at` }),
    ),
);

/**
 * After a right guess: the row of failures of this authenticator is over, and the network it came from, if one is named, is known. The window
 * of strangers goes on: an owner who signs in must not give whoever guesses elsewhere ten more tries.
 */
export async function forgiveGuesses(tx: Tx, of: Counter & { now: number }): Promise<void> {
  // The place first, then the row of failures, as a guess is counted: in the other order each would wait for the other.
  if (of.place === STRANGE) await endWindow.run(tx, of);
  else await knowPlace.run(tx, of);
  await endRow.run(tx, { ...of, place: STRANGE });
}

const deleteCounts = statement<{ client_id: string; subject: string }, never>((query, p) =>
  query.deleteFrom('guess_counts').where('client_id', '=', p('client_id')).where('subject', '=', p('subject')),
);

/** Forgets all guesses at somebody: they were given new authenticators, unlocked, or removed. */
export async function clearGuesses(tx: Tx, of: { clientId: string; subject: string }): Promise<void> {
  await deleteCounts.run(tx, { client_id: of.clientId, subject: of.subject });
}

const deleteStale = statement<{ before: number }, never>((query, p) =>
  query
    .deleteFrom('guess_counts')
    .where('updated_at', '<', p('before'))
    .where((eb) => eb.or([eb('failures', '=', 0), eb('subject', 'like', `${NOBODY}%`)])),
);

/** Forgets networks nobody came from for long, and guesses at nobody; a row of failures at somebody stays until it ends (N-10). */
export async function forgetStale(tx: Tx, now: number): Promise<void> {
  await deleteStale.run(tx, { before: now - KNOWN_FOR_MS });
}
