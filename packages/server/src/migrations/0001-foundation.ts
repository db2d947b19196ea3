import { sql } from 'kysely';
import type { Migration } from '../platform/database/index.ts';
import { type Db, index, table } from './table.ts';

async function ground(db: Db): Promise<void> {
  await table(db, 'jobs', {
    id: 'text',
    kind: 'text',
    payload_sealed: 'text',
    run_at: 'bigint',
    leased_until: 'bigint',
    attempts: 'integer',
    failed_at: 'bigint?',
    last_error: 'text?',
    created_at: 'bigint',
  }).execute();
  await index(db, 'jobs', ['run_at']);
  await table(db, 'rate_limits', { key: 'text', window_ends_at: 'bigint', uses: 'integer' }).execute();
  await table(db, 'smtp_servers', {
    id: 'text',
    host: 'text',
    port: 'integer',
    username: 'text?',
    password_sealed: 'text?',
    from_email: 'text',
    from_name: 'text?',
    secure: 'integer',
    active: 'integer',
    weight: 'integer',
    created_at: 'bigint',
  }).execute();
  await table(db, 'development_mails', {
    id: 'text',
    recipient: 'text',
    subject: 'text',
    text: 'text',
    html: 'text',
    created_at: 'bigint',
  }).execute();
}

async function tenancy(db: Db): Promise<void> {
  await table(db, 'clients', {
    id: 'text',
    slug: 'text',
    name: 'text',
    status: 'text',
    settings: 'text',
    created_at: 'bigint',
    updated_at: 'bigint',
  }).execute();
  await index(db, 'clients', ['slug'], true);
  await table(db, 'client_keys', {
    id: 'text',
    client_id: 'text',
    kind: 'text',
    secret_hash: 'text',
    created_at: 'bigint',
    expires_at: 'bigint?',
  })
    .addForeignKeyConstraint('client_keys_client', ['client_id'], 'clients', ['id'])
    .execute();
  await table(db, 'client_origins', { id: 'text', client_id: 'text', origin: 'text', created_at: 'bigint' })
    .addForeignKeyConstraint('client_origins_client', ['client_id'], 'clients', ['id'])
    .execute();
  await index(db, 'client_origins', ['origin', 'client_id'], true);
  await table(db, 'signing_keys', {
    kid: 'text',
    client_id: 'text?',
    algorithm: 'text',
    slot: 'text',
    public_jwk: 'text',
    private_sealed: 'text',
    created_at: 'bigint',
    retired_at: 'bigint?',
  }).execute();
  // Two nodes that start at once on an empty database must not both fill a slot.
  await sql`create unique index signing_keys_slot on signing_keys (coalesce(client_id, ''), algorithm, slot) where slot <> 'RETIRED'`.execute(
    db,
  );
}

async function identity(db: Db): Promise<void> {
  await table(db, 'users', {
    id: 'text',
    client_id: 'text',
    email: 'text?',
    email_verified_at: 'bigint?',
    display_name: 'text?',
    role: 'text',
    status: 'text',
    created_at: 'bigint',
    updated_at: 'bigint',
  })
    .addForeignKeyConstraint('users_client', ['client_id'], 'clients', ['id'])
    .execute();
  await index(db, 'users', ['client_id', 'email'], true);
  await table(db, 'email_codes', {
    client_id: 'text',
    email: 'text',
    code_hash: 'text',
    flow_hash: 'text?',
    expires_at: 'bigint',
    consumed_at: 'bigint?',
    attempts: 'integer',
    failures: 'integer',
    created_at: 'bigint',
  })
    .addPrimaryKeyConstraint('email_codes_address', ['client_id', 'email'])
    .execute();
  await table(db, 'sessions', {
    id: 'text',
    client_id: 'text',
    user_id: 'text',
    created_at: 'bigint',
    expires_at: 'bigint',
    idle_ttl_ms: 'bigint?',
    last_used_at: 'bigint',
    amr: 'text',
    acr: 'text',
    refresh_hash: 'text?',
    previous_hash: 'text?',
    replaced_at: 'bigint?',
    successor_sealed: 'text?',
    page_hash: 'text?',
    user_agent: 'text',
    ip: 'text',
    ended_at: 'bigint?',
    end_reason: 'text?',
  })
    .addForeignKeyConstraint('sessions_user', ['user_id'], 'users', ['id'], (key) => key.onDelete('cascade'))
    .execute();
  await index(db, 'sessions', ['user_id']);
}

async function passkeys(db: Db): Promise<void> {
  await table(db, 'passkeys', {
    id: 'text',
    client_id: 'text',
    user_id: 'text',
    credential_id: 'text',
    rp_id: 'text',
    public_key: 'text',
    counter: 'bigint',
    transports: 'text',
    backup_eligible: 'integer',
    backed_up: 'integer',
    aaguid: 'text',
    name: 'text',
    created_at: 'bigint',
    last_used_at: 'bigint?',
  })
    .addForeignKeyConstraint('passkeys_user', ['user_id'], 'users', ['id'], (key) => key.onDelete('cascade'))
    .execute();
  await index(db, 'passkeys', ['client_id', 'credential_id'], true);
  await index(db, 'passkeys', ['user_id']);
  await table(db, 'passkey_challenges', {
    id: 'text',
    client_id: 'text',
    purpose: 'text',
    user_id: 'text?',
    challenge_hash: 'text',
    origin: 'text',
    rp_id: 'text',
    expires_at: 'bigint',
  }).execute();
}

async function audit(db: Db): Promise<void> {
  // Append-only, ordered by its id; no second index on the write path of every act.
  await table(db, 'audit_events', {
    id: 'text',
    client_id: 'text',
    user_id: 'text?',
    event_type: 'text',
    actor_type: 'text',
    actor_id: 'text?',
    target_type: 'text',
    target_id: 'text?',
    request_id: 'text',
    ip: 'text',
    user_agent: 'text',
    metadata: 'text',
    created_at: 'bigint',
    retention_until: 'bigint',
  }).execute();
  await db.schema
    .createTable('audit_unsealed')
    .addColumn('event_id', 'text', (c) => c.primaryKey().notNull())
    .execute();
  await db.schema
    .createTable('audit_leaves')
    .addColumn('seq', 'bigint', (c) => c.primaryKey().notNull())
    .addColumn('event_id', 'text', (c) => c.notNull().unique())
    .addColumn('leaf_hash', 'text', (c) => c.notNull())
    .execute();
  await table(db, 'audit_nodes', { level: 'integer', position: 'bigint', hash: 'text' })
    .addPrimaryKeyConstraint('audit_nodes_place', ['level', 'position'])
    .execute();
  await table(db, 'audit_checkpoints', { tree_size: 'bigint', note: 'text', created_at: 'bigint' })
    .addPrimaryKeyConstraint('audit_checkpoints_size', ['tree_size'])
    .execute();
  await table(db, 'audit_keys', {
    kid: 'text',
    verifier_key: 'text',
    private_sealed: 'text',
    created_at: 'bigint',
  }).execute();
}

/** The first floors: jobs and limits, clients and keys, users and how they sign in, the audit log. */
export const foundation: Migration = {
  name: '0001-foundation',
  async up(query) {
    const db = query as unknown as Db;
    await ground(db);
    await tenancy(db);
    await identity(db);
    await passkeys(db);
    await audit(db);
  },
};
