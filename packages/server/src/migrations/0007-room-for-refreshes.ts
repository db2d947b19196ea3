import { PostgresAdapter, sql } from 'kysely';
import type { Migration } from '../platform/database/index.ts';

/**
 * Leaves a fifth of each page of sessions free on Postgres: a refresh then writes the new row beside the old one, and into no index. Takes no
 * lock that anybody notices, and touches no row.
 */
export const roomForRefreshes: Migration = {
  name: '0007-room-for-refreshes',
  async up(query) {
    if (!(query.getExecutor().adapter instanceof PostgresAdapter)) return;
    await sql`alter table sessions set (fillfactor = 80)`.execute(query);
  },
};
