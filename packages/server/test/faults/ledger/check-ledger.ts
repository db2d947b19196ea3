// Holds the database against the ledger: invariants I1 to I9. Pure; each violation begins with the invariant it breaks.
import { hashSecret } from '../../../src/platform/secrets/index.ts';
import { eventOf } from './acts.ts';
import { type Act, agentOf, type Op } from './ledger.ts';
import type { EventFact, Facts, SessionFact } from './read-facts.ts';

/** The ledger and the facts, looked at from every side that a check needs. */
interface Books {
  acts: readonly Act[];
  facts: Facts;
  /** The events of an act that tell of it. */
  eventsOf(act: Act): EventFact[];
  of(op: Op, outcome?: Act['outcome']): Act[];
  session: Map<string, SessionFact>;
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

function open(acts: readonly Act[], facts: Facts): Books {
  const byAgent = groupBy(facts.events, (event) => event.user_agent);
  return {
    acts,
    facts,
    eventsOf: (act) => (byAgent.get(agentOf(act.id)) ?? []).filter((event) => event.event_type === eventOf[act.op]),
    of: (op, outcome) => acts.filter((act) => act.op === op && (outcome === undefined || act.outcome === outcome)),
    session: new Map(facts.sessions.map((session) => [session.id, session])),
  };
}

/** Whether an act took place: it was answered, or is in doubt and left its event. */
function tookPlace(books: Books, act: Act): boolean {
  return act.outcome === 'answered' || books.eventsOf(act).length > 0;
}

/** How a token is kept: the hash of its secret part. */
function hashOf(token: string): string {
  return hashSecret(token.slice(token.indexOf('.') + 1));
}

/** Refreshes with one token, of which only the first may rotate: the others repeat an answer that was lost. */
function rotations(books: Books): Act[][] {
  return [...groupBy(books.of('refresh'), (act) => act.about.token ?? '').values()];
}

function newestTokens(books: Books): Map<string, string> {
  const newest = new Map<string, string>();
  for (const { outcome, about } of books.acts) {
    if (outcome === 'answered' && about.session && about.newToken) newest.set(about.session, about.newToken);
  }
  return newest;
}

function* refreshesLast(books: Books): Iterable<string> {
  const doubtful = new Set(
    rotations(books).flatMap((group) =>
      group.some((act) => act.outcome === 'answered') ? [] : (group[0]?.about.token ?? []),
    ),
  );
  for (const [id, token] of newestTokens(books)) {
    const session = books.session.get(id);
    if (!session) yield `I1 session ${id} is gone`;
    else if (session.refresh_hash !== hashOf(token)) {
      const isRotated = doubtful.has(token) && session.previous_hash === hashOf(token);
      if (!isRotated) yield `I1 the newest token of session ${id} is not in force`;
    }
  }
}

function* credentialsLast(books: Books): Iterable<string> {
  const removed = new Set(
    books
      .of('remove_passkey')
      .filter((act) => tookPlace(books, act))
      .map((act) => act.about.passkey),
  );
  const kept = new Set(books.facts.passkeys.map((row) => row.id));
  for (const { about } of books.of('add_passkey', 'answered')) {
    if (!removed.has(about.passkey) && !kept.has(about.passkey ?? '')) yield `I2 passkey ${about.passkey} is gone`;
  }
}

function* endingsStay(books: Books): Iterable<string> {
  for (const { op, about } of [...books.of('sign_out', 'answered'), ...books.of('revoke', 'answered')]) {
    if (books.session.get(about.session ?? '')?.ended_at === null)
      yield `I3 session ${about.session} lives after ${op}`;
  }
  const suspended = new Set(books.of('suspend', 'answered').map((act) => act.about.user));
  for (const { id, status } of books.facts.users) {
    if (suspended.has(id) && status !== 'suspended') yield `I3 user ${id} is ${status} after a suspension`;
  }
  for (const { id, user_id: user, ended_at: endedAt } of books.facts.sessions) {
    if (suspended.has(user) && endedAt === null) yield `I3 session ${id} of a suspended user lives`;
  }
  const passkeys = new Set(books.facts.passkeys.map((row) => row.id));
  for (const { about } of books.of('remove_passkey', 'answered')) {
    if (passkeys.has(about.passkey ?? '')) yield `I3 passkey ${about.passkey} is back`;
  }
}

function* answersAreLogged(books: Books): Iterable<string> {
  const counted = (act: Act, among: EventFact[]) => {
    const named = among.filter((event) => event.request_id === act.requestId).length;
    return named === 1 ? [] : [`I4 ${act.op} ${act.id} was answered and has ${named} events`];
  };
  for (const act of books.acts) {
    if (act.outcome === 'answered' && act.op !== 'refresh') yield* counted(act, books.eventsOf(act));
  }
  for (const group of rotations(books)) {
    const events = group.flatMap(books.eventsOf);
    const [first] = group;
    const answered = group.some((act) => act.outcome === 'answered');
    if (events.length > 1 || (answered && events.length === 0)) {
      yield `I4 the token of refresh ${first?.id} has ${events.length} events`;
    } else if (first?.outcome === 'answered') yield* counted(first, events);
  }
}

function* doubtsAreWhole(books: Books): Iterable<string> {
  const sessionsOf = groupBy(books.facts.sessions, (session) => session.user_agent);
  for (const act of [...books.of('sign_in'), ...books.of('passkey_sign_in')]) {
    const events = books.eventsOf(act).length;
    const sessions = sessionsOf.get(agentOf(act.id))?.length ?? 0;
    if (events !== sessions || events > 1)
      yield `I5 ${act.op} ${act.id} left ${sessions} sessions and ${events} events`;
  }
  for (const act of [...books.of('sign_out', 'in doubt'), ...books.of('revoke', 'in doubt')]) {
    const isOver = books.session.get(act.about.session ?? '')?.ended_at !== null;
    if (isOver !== books.eventsOf(act).length > 0) yield `I5 ${act.op} ${act.id} is half done`;
  }
  const status = new Map(books.facts.users.map((user) => [user.id, user.status]));
  for (const act of books.of('suspend', 'in doubt')) {
    const user = act.about.user ?? '';
    const done = books.eventsOf(act).length > 0;
    const living = books.facts.sessions.some((session) => session.user_id === user && session.ended_at === null);
    if (done ? living || status.get(user) !== 'suspended' : status.get(user) !== 'active') {
      yield `I5 suspend ${act.id} is half done`;
    }
  }
}

function* codesWorkOnce(books: Books): Iterable<string> {
  for (const group of groupBy(books.of('sign_in'), ({ about }) => `${about.email} ${about.code}`).values()) {
    const times = group.filter((act) => tookPlace(books, act)).length;
    if (times > 1) yield `I6 the code of sign_in ${group[0]?.id} was taken ${times} times`;
    if (times === 0 && group.some((act) => act.outcome === 'refused'))
      yield `I2 the code of sign_in ${group[0]?.id} was refused`;
  }
}

function* familiesHaveOneToken(books: Books): Iterable<string> {
  for (const group of rotations(books)) {
    const successors = new Set(group.flatMap((act) => (act.outcome === 'answered' ? act.about.newToken : [])));
    if (successors.size > 1) yield `I7 the token of refresh ${group[0]?.id} has ${successors.size} successors`;
  }
}

function* countsAgree(books: Books): Iterable<string> {
  const { users, sessions, passkeys, events } = books.facts;
  const told = (type: string) =>
    new Set(events.filter((event) => event.event_type === type).map((event) => event.target_id));
  const known = new Set(users.map((user) => user.id));
  for (const { id, user_id: user } of [...sessions, ...passkeys])
    if (!known.has(user)) yield `I8 ${id} belongs to nobody`;
  const created = told('user_created');
  for (const { id } of users) if (!created.delete(id)) yield `I8 user ${id} was never created`;
  for (const id of created) yield `I8 user ${id} was created and is not there`;
  const started = told('login_success');
  for (const { id } of sessions) if (!started.delete(id)) yield `I8 session ${id} was never started`;
  for (const id of started) yield `I8 session ${id} was started and is not there`;
  const removed = told('passkey_removed');
  const added = new Set([...told('passkey_added')].filter((id) => !removed.has(id)));
  for (const { id } of passkeys) if (!added.delete(id)) yield `I8 passkey ${id} was never added`;
  for (const id of added) yield `I8 passkey ${id} was added and is not there`;
}

/** Sessions end by an act, never by themselves; and what should have worked was not refused. */
function* nothingElseHappened(books: Books): Iterable<string> {
  const ended = new Set(
    [...books.of('sign_out'), ...books.of('revoke')]
      .filter((act) => tookPlace(books, act))
      .map((act) => act.about.session),
  );
  const suspended = new Set(
    books
      .of('suspend')
      .filter((act) => tookPlace(books, act))
      .map((act) => act.about.user),
  );
  for (const { id, user_id: user, ended_at: endedAt } of books.facts.sessions) {
    if (endedAt !== null && !ended.has(id) && !suspended.has(user)) yield `I1 session ${id} ended by itself`;
  }
  for (const { id, op, outcome, refusal } of books.acts) {
    if (outcome === 'refused' && op !== 'sign_in') yield `I1 ${op} ${id} was refused: ${refusal}`;
  }
}

const checks = [
  refreshesLast,
  credentialsLast,
  endingsStay,
  answersAreLogged,
  doubtsAreWhole,
  codesWorkOnce,
  familiesHaveOneToken,
  countsAgree,
  nothingElseHappened,
];

/** The invariants that hold after whatever is done to a server: check-ledger and probe-server look for each of them. */
export const EVERY = ['I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7', 'I8', 'I9'] as const;

/** What of the ledger the database does not bear out, one sentence each. */
export function checkLedger(acts: readonly Act[], facts: Facts): string[] {
  const books = open(acts, facts);
  return checks.flatMap((check) => [...check(books)]);
}

/** The events of the database that no receiver ever heard of (I9). */
export function checkDeliveries(facts: Facts, heard: ReadonlySet<string>): string[] {
  return facts.events
    .filter((event) => !heard.has(event.id))
    .map((event) => `I9 nobody was told of ${event.event_type} ${event.id}`);
}
