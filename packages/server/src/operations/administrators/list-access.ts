import { listPasskeys } from '../../identity/passkeys/index.ts';
import { hasTotp } from '../../identity/totp/index.ts';
import type { Database } from '../../platform/database/index.ts';
import { ADMINISTRATORS_CLIENT } from '../../tenancy/clients/index.ts';
import type { AdministratorAccess } from '../../tenancy/system-config/index.ts';
import { listAdministrators } from './store.ts';

/** More administrators than anybody has; a change that locks out these locks out all that matter. */
const MOST = 1_000;

/** How each active administrator can sign in: with their password, which all of them have, and which second factors. */
export async function listAdministratorAccess(database: Database): Promise<AdministratorAccess[]> {
  const records = await listAdministrators(database.read, { after: null, most: MOST });
  const active = records.filter((record) => record.status === 'active');
  return Promise.all(
    active.map(async ({ id: userId }) => {
      const of = { clientId: ADMINISTRATORS_CLIENT, userId };
      const passkeys = await listPasskeys(database, of);
      const passkeyRpIds = passkeys.map((passkey) => passkey.rpId);
      return { hasPassword: true, hasTotp: await hasTotp(database.read, of), passkeyRpIds };
    }),
  );
}
