import type { Migration } from '../platform/database/index.ts';
import type { Db } from './table.ts';

/** How long the receiver of webhooks asked to be left alone. */
export const webhookPauses: Migration = {
  name: '0006-webhook-pauses',
  async up(query) {
    const db = query as unknown as Db;
    await db.schema
      .alterTable('webhook_endpoints')
      .addColumn('quiet_until', 'bigint', (column) => column.notNull().defaultTo(0))
      .execute();
  },
};
