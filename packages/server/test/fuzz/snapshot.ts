import type { Database } from '../../src/platform/database/index.ts';

/** What requests change and later ones need, each after what it refers to. */
const tables = [
  'clients',
  'client_keys',
  'client_origins',
  'users',
  'email_codes',
  'sessions',
  'passkeys',
  'passkey_challenges',
  'passwords',
  'totp_secrets',
  'guess_counts',
  'administrators',
  'admin_invitations',
  'admin_challenges',
  'admin_sessions',
  'system_config',
  'webhook_endpoints',
  'webhook_deliveries',
] as const;

const MOST_ROWS = 100;

/** Remembers what stands in the database; the answer puts it back: who was deleted is there again, who signed out is signed in. */
export async function takeSnapshot(database: Database, now: () => number): Promise<() => Promise<void>> {
  const rows = new Map<(typeof tables)[number], object[]>();
  for (const table of tables)
    rows.set(table, await database.read.query.selectFrom(table).selectAll().limit(MOST_ROWS).execute());
  return () =>
    database.write(async ({ query }) => {
      for (const table of [...tables].reverse()) await query.deleteFrom(table).execute();
      for (const table of tables) {
        const kept = rows.get(table) ?? [];
        if (kept.length > 0)
          await query
            .insertInto(table)
            .values(kept as never)
            .execute();
      }
      // However long the requests take, the administrator proved who they are just now.
      await query.updateTable('admin_sessions').set({ authenticated_at: now() }).execute();
    });
}
