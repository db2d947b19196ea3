import { sql } from 'kysely';
import type { Migration } from '../platform/database/index.ts';
import { type Db, index, table } from './table.ts';

/** Search, retention and witnesses of the audit log. */
export const audit: Migration = {
  name: '0005-audit',
  async up(query) {
    const db = query as unknown as Db;
    for (const column of ['client_id', 'user_id', 'purge_id']) {
      await db.schema.alterTable('audit_leaves').addColumn(column, 'text').execute();
    }
    await sql`update audit_leaves set
      client_id = (select client_id from audit_events where id = audit_leaves.event_id),
      user_id = (select user_id from audit_events where id = audit_leaves.event_id)`.execute(db);
    await index(db, 'audit_leaves', ['client_id', 'seq']);
    await index(db, 'audit_leaves', ['user_id', 'seq']);
    await table(db, 'audit_purges', { id: 'text', note: 'text', purged: 'integer', purged_at: 'bigint' }).execute();
    await db.schema
      .createTable('audit_holds')
      .addColumn('event_id', 'text', (c) => c.primaryKey().notNull())
      .addColumn('reason', 'text', (c) => c.notNull())
      .addColumn('placed_at', 'bigint', (c) => c.notNull())
      .execute();
    await db.schema
      .createTable('audit_witnesses')
      .addColumn('name', 'text', (c) => c.primaryKey().notNull())
      .addColumn('tree_size', 'bigint', (c) => c.notNull())
      .addColumn('sent_at', 'bigint')
      .addColumn('leased_until', 'bigint', (c) => c.notNull())
      .addColumn('last_error', 'text')
      .execute();
  },
};
