import type { Clock } from '../../platform/clock/index.ts';
import type { Database } from '../../platform/database/index.ts';
import type { Announce } from '../../platform/events/index.ts';
import type { NewId } from '../../platform/ids/index.ts';
import type { Vault } from '../../platform/secrets/index.ts';
import type { Clients } from '../../tenancy/clients/index.ts';
import type { SigningKeys } from '../../tenancy/signing-keys/index.ts';

/** What administering clients needs. */
export interface AdministrationDeps {
  clock: Clock;
  database: Database;
  newId: NewId;
  vault: Vault;
  announce: Announce;
  clients: Pick<Clients, 'forget'>;
  signingKeys: Pick<SigningKeys, 'refresh'>;
}

/** How long the old key works beside the new one, unless somebody says otherwise: a day, and no access token lives longer. */
export const OVERLAP_SECONDS = 86_400;
