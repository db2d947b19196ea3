import { listPasskeys, presentPasskey } from '../../identity/passkeys/index.ts';
import { describeSessions } from '../../identity/sessions/index.ts';
import { listEventsOfUser } from '../event-feed/index.ts';
import { presentAdministered, requireUser, type UserAct, type UserAdministrationDeps } from './administered-user.ts';

const iso = (at: number) => new Date(at).toISOString();
const MOST_EVENTS = 10_000;

type Sessions = Awaited<ReturnType<typeof describeSessions>>;
type Events = Awaited<ReturnType<typeof listEventsOfUser>>;

/** A session in the shape of the API. */
export function presentAdministeredSession(
  session: Pick<Sessions[number], 'id' | 'createdAt' | 'expiresAt' | 'lastUsedAt' | 'amr' | 'device' | 'ip'>,
) {
  const { id, amr, device, ip } = session;
  const times = { created_at: iso(session.createdAt), expires_at: iso(session.expiresAt) };
  return { id, ...times, last_used_at: iso(session.lastUsedAt), amr, device, ip };
}

const presentSession = (session: Sessions[number]) => ({
  ...presentAdministeredSession(session),
  user_agent: session.userAgent,
  ended_at: session.endedAt === null ? null : iso(session.endedAt),
  end_reason: session.endReason,
});

const presentEvent = (event: Events[number]) => ({
  id: event.id,
  event_type: event.event_type,
  actor_type: event.actor_type,
  actor_id: event.actor_id,
  ip: event.ip,
  user_agent: event.user_agent,
  metadata: JSON.parse(event.metadata) as Record<string, unknown>,
  created_at: iso(event.created_at),
});

/** Everything that is kept about one person, and nothing that is secret. That it was handed out is written down. Throws user_not_found. */
export async function exportUser(deps: UserAdministrationDeps, input: UserAct) {
  const { clientId, userId, actor, request } = input;
  const { database } = deps;
  const user = await requireUser(deps, input);
  const own = { clientId, userId };
  const [passkeys, sessions, events] = await Promise.all([
    listPasskeys(database, own),
    describeSessions(database, own),
    listEventsOfUser(database.read, { ...own, most: MOST_EVENTS }),
  ]);
  await database.write((tx) => deps.announce(tx, { name: 'user_exported', clientId, userId, actor, request }));
  return {
    exported_at: iso(deps.clock.now()),
    user: presentAdministered(user),
    passkeys: passkeys.map(presentPasskey),
    sessions: sessions.map(presentSession),
    audit_events: events.map(presentEvent),
  };
}
