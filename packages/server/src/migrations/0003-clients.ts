import { sql } from 'kysely';
import type { Migration } from '../platform/database/index.ts';
import { type Db, index, table } from './table.ts';

/** Clients that are administered, keys of their own, and settings that change while the server runs. */
export const clients: Migration = {
  name: '0003-clients',
  async up(query) {
    const db = query as unknown as Db;
    await sql`alter table clients add column webhook_url text`.execute(db);
    await sql`alter table clients add column token_mode text not null default 'v2_jwks'`.execute(db);
    await sql`alter table signing_keys add column signs_from bigint not null default 0`.execute(db);
    await sql`alter table signing_keys add column verifies_until bigint`.execute(db);
    await sql`alter table signing_keys add column sole integer not null default 0`.execute(db);
    await index(db, 'client_keys', ['client_id']);
    await index(db, 'client_origins', ['client_id']);
    await table(db, 'system_config', {
      name: 'text',
      value: 'text?',
      revision: 'bigint',
      updated_at: 'bigint',
      updated_by: 'text',
    })
      .addPrimaryKeyConstraint('system_config_name', ['name'])
      .execute();
  },
};
