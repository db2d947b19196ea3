import { sql } from 'kysely';
import type { Migration } from '../platform/database/index.ts';
import { type Db, index, table } from './table.ts';

async function webhooks(db: Db): Promise<void> {
  await table(db, 'webhook_endpoints', {
    id: 'text',
    client_id: 'text',
    source: 'text',
    url: 'text',
    events: 'text',
    status: 'text',
    secret_sealed: 'text?',
    previous_sealed: 'text?',
    previous_until: 'bigint?',
    start_seq: 'bigint',
    failures: 'integer',
    work_at: 'bigint?',
    replay_seq: 'bigint?',
    replay_end: 'bigint?',
    replay_since: 'bigint?',
    created_at: 'bigint',
    updated_at: 'bigint',
  }).execute();
  await index(db, 'webhook_endpoints', ['client_id', 'id']);
  await index(db, 'webhook_endpoints', ['work_at']);
  await index(db, 'webhook_endpoints', ['replay_seq']);
  await table(db, 'webhook_deliveries', {
    id: 'text',
    client_id: 'text',
    endpoint_id: 'text',
    event_id: 'text',
    event_type: 'text',
    seq: 'bigint',
    status: 'text',
    attempts: 'integer',
    next_attempt_at: 'bigint',
    leased_until: 'bigint',
    give_up_at: 'bigint',
    last_status: 'integer?',
    last_error: 'text?',
    last_duration_ms: 'bigint?',
    settled_at: 'bigint?',
    created_at: 'bigint',
  })
    .addForeignKeyConstraint('webhook_deliveries_endpoint', ['endpoint_id'], 'webhook_endpoints', ['id'], (key) =>
      key.onDelete('cascade'),
    )
    .execute();
  await index(db, 'webhook_deliveries', ['endpoint_id', 'seq'], true);
  await index(db, 'webhook_deliveries', ['endpoint_id', 'status', 'seq']);
  await index(db, 'webhook_deliveries', ['endpoint_id', 'leased_until']);
  await index(db, 'webhook_deliveries', ['status', 'settled_at']);
  await table(db, 'webhook_cursor', { id: 'text', seq: 'bigint' }).execute();
  await sql`insert into webhook_cursor (id, seq) select 'events', coalesce(max(seq) + 1, 0) from audit_leaves`.execute(
    db,
  );
}

async function logStreams(db: Db): Promise<void> {
  await table(db, 'log_streams', {
    id: 'text',
    cursor_seq: 'bigint',
    lease_id: 'text?',
    leased_until: 'bigint',
    failures: 'integer',
    retry_at: 'bigint',
    last_error: 'text?',
    updated_at: 'bigint',
  }).execute();
}

/** Events out: webhook endpoints, deliveries, and how far each log stream has come. */
export const deliveries: Migration = {
  name: '0004-deliveries',
  async up(query) {
    const db = query as unknown as Db;
    await webhooks(db);
    await logStreams(db);
  },
};
