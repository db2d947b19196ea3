import { type Reader, statement } from '../../platform/database/index.ts';
import type { AuditEventsTable } from './tables.ts';

export const insertEvent = statement<AuditEventsTable, never>((query, p) =>
  query.insertInto('audit_events').values({
    id: p('id'),
    client_id: p('client_id'),
    user_id: p('user_id'),
    event_type: p('event_type'),
    actor_type: p('actor_type'),
    actor_id: p('actor_id'),
    target_type: p('target_type'),
    target_id: p('target_id'),
    request_id: p('request_id'),
    ip: p('ip'),
    user_agent: p('user_agent'),
    metadata: p('metadata'),
    created_at: p('created_at'),
  }),
);

const newest = statement<object, { created_at: number }>((query) =>
  query.selectFrom('audit_events').select('created_at').orderBy('id', 'desc').limit(1),
);

/** When the newest event was written down; null when there is none. */
export async function newestEventAt(on: Reader): Promise<number | null> {
  return (await newest.first(on, {}))?.created_at ?? null;
}
