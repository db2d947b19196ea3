// What the database says, for the ledger to be held against.
import type { DatabaseView } from '../../kit/database-view.ts';

export interface SessionFact {
  id: string;
  user_id: string;
  refresh_hash: string | null;
  previous_hash: string | null;
  ended_at: number | null;
  user_agent: string;
}

export interface EventFact {
  id: string;
  event_type: string;
  request_id: string;
  user_agent: string;
  user_id: string | null;
  target_id: string | null;
}

export interface Facts {
  users: { id: string; email: string; status: string }[];
  sessions: SessionFact[];
  passkeys: { id: string; user_id: string }[];
  /** Of the client that is acted on; not of the installation. */
  events: EventFact[];
}

/** Reads all that the checks need. */
export async function readFacts(view: DatabaseView): Promise<Facts> {
  const ours = "client_id = 'default'";
  return {
    users: await view.rows(`select id, email, status from users where ${ours}`),
    sessions: await view.rows(
      `select id, user_id, refresh_hash, previous_hash, ended_at, user_agent from sessions where ${ours}`,
    ),
    passkeys: await view.rows(`select id, user_id from passkeys where ${ours}`),
    events: await view.rows(
      `select id, event_type, request_id, user_agent, user_id, target_id from audit_events where ${ours}`,
    ),
  };
}
