import { PostgresAdapter, sql } from 'kysely';
import type { Migration } from '../platform/database/index.ts';
import { type Db, index, table } from './table.ts';

/** Things of one user, one row each, that go when the user goes. */
async function ofUser(
  db: Db,
  name: string,
  columns: Record<string, 'text' | 'text?' | 'bigint' | 'integer'>,
): Promise<void> {
  await table(db, name, { client_id: 'text', user_id: 'text', ...columns })
    .addPrimaryKeyConstraint(`${name}_owner`, ['client_id', 'user_id'])
    .addForeignKeyConstraint(`${name}_user`, ['user_id'], 'users', ['id'], (key) => key.onDelete('cascade'))
    .execute();
}

async function factors(db: Db): Promise<void> {
  await ofUser(db, 'passwords', { hash_sealed: 'text', changed_at: 'bigint' });
  await ofUser(db, 'totp_secrets', { secret_sealed: 'text', last_step: 'bigint', created_at: 'bigint' });
  await table(db, 'guess_counts', {
    client_id: 'text',
    subject: 'text',
    authenticator: 'text',
    place: 'text',
    failures: 'integer',
    window_failures: 'integer',
    window_started_at: 'bigint',
    updated_at: 'bigint',
  })
    .addPrimaryKeyConstraint('guess_counts_subject', ['client_id', 'subject', 'authenticator', 'place'])
    .execute();
}

async function administrators(db: Db): Promise<void> {
  await ofUser(db, 'administrators', {
    email: 'text',
    roles: 'text',
    scope: 'text',
    status: 'text',
    created_at: 'bigint',
    updated_at: 'bigint',
    created_by: 'text?',
  });
  await index(db, 'administrators', ['email'], true);
  await ofUser(db, 'admin_invitations', {
    invitation_id: 'text',
    token_hash: 'text',
    expires_at: 'bigint',
    created_at: 'bigint',
  });
  await index(db, 'admin_invitations', ['invitation_id'], true);
  await table(db, 'admin_challenges', {
    id: 'text',
    client_id: 'text',
    user_id: 'text',
    purpose: 'text',
    secret_hash: 'text',
    payload_sealed: 'text?',
    expires_at: 'bigint',
  })
    .addForeignKeyConstraint('admin_challenges_user', ['user_id'], 'users', ['id'], (key) => key.onDelete('cascade'))
    .execute();
  await table(db, 'admin_sessions', {
    id: 'text',
    client_id: 'text',
    user_id: 'text',
    created_at: 'bigint',
    authenticated_at: 'bigint',
    expires_at: 'bigint',
    ended_at: 'bigint?',
    ip: 'text',
    user_agent: 'text',
  })
    .addForeignKeyConstraint('admin_sessions_user', ['user_id'], 'users', ['id'], (key) => key.onDelete('cascade'))
    .execute();
  await index(db, 'admin_sessions', ['user_id']);
}

/** What lists and searches of a client's users go by, however many there are. */
async function userSearch(db: Db): Promise<void> {
  await index(db, 'users', ['client_id', 'id']);
  await index(db, 'users', ['client_id', 'display_name', 'id']);
  // The prefix of an address is a range only in the order of its bytes, which SQLite's index of addresses has by itself.
  const isPostgres = db.getExecutor().adapter instanceof PostgresAdapter;
  const email = isPostgres ? sql`email collate "C"` : sql`email`;
  if (isPostgres) await sql`create index users_client_id_email_bytes on users (client_id, ${email})`.execute(db);
  // The few who are suspended are found without looking at everybody.
  await sql`create index users_suspended on users (client_id, id) where status = 'suspended'`.execute(db);
  await sql`create index users_suspended_email on users (client_id, ${email}) where status = 'suspended'`.execute(db);
}

/** Passwords, one-time codes of an authenticator app, those who administer, and the search for users. */
export const peopleWhoAdminister: Migration = {
  name: '0002-administrators',
  async up(query) {
    const db = query as unknown as Db;
    await factors(db);
    await administrators(db);
    await userSearch(db);
  },
};
