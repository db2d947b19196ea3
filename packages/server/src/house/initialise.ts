import type { Config } from '../config/index.ts';
import { migrations } from '../migrations/index.ts';
import { ensureAuditKey } from '../operations/transparency-log/index.ts';
import type { Clock } from '../platform/clock/index.ts';
import { type Database, isUniqueViolation, migrate } from '../platform/database/index.ts';
import { createIds, type NewId } from '../platform/ids/index.ts';
import { ensureKeyFile } from '../platform/secrets/index.ts';
import { createClient, createClients, DEFAULT_CLIENT } from '../tenancy/clients/index.ts';
import { ensureSigningKeys } from '../tenancy/signing-keys/index.ts';
import { keyFileOf, openVault } from './ground.ts';

async function createDefaultClient(
  deps: { clock: Clock; newId: NewId; database: Database },
  name: string,
): Promise<void> {
  try {
    const client = { id: DEFAULT_CLIENT, slug: DEFAULT_CLIENT, name };
    await deps.database.write((tx) => createClient({ ...deps, tx }, client));
  } catch (error) {
    // Another node starts on the same empty database and was faster.
    if (!isUniqueViolation(error)) throw error;
  }
}

/** Makes what an empty database lacks: schema, key file, default client, signing keys. Harmless when all is there. */
export async function initialise(config: Config, database: Database, clock: Clock): Promise<{ migrated: string[] }> {
  const migrated = await migrate(database, migrations);
  const clients = createClients({ clock, database, issuer: config.server.issuer, allowOrigin: () => [] });
  const isNew = (await clients.find(DEFAULT_CLIENT)) === null;
  // A key file is made for a new database only: for an old one a fresh key would open nothing, and hide that the real one is lost.
  if (isNew && config.secrets.current === undefined) ensureKeyFile(keyFileOf(config));
  const vault = openVault(config);
  const newId = createIds(clock);
  if (isNew) await createDefaultClient({ clock, newId, database }, config.brand.name);
  await database.write(async (tx) => {
    await ensureSigningKeys({ clock, vault, tx });
    await ensureAuditKey({ clock, vault, tx }, new URL(config.server.issuer).host);
  });
  return { migrated };
}
