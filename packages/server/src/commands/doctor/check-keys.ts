import { resolve } from 'node:path';
import type { Config } from '../../config/index.ts';
import { keyFileOf } from '../../house/ground.ts';
import { systemClock } from '../../platform/clock/index.ts';
import type { Database } from '../../platform/database/index.ts';
import { createIds } from '../../platform/ids/index.ts';
import { createVault, readKeyFile, type Vault } from '../../platform/secrets/index.ts';
import { createSigningKeys, type SigningKeys } from '../../tenancy/signing-keys/index.ts';
import { createTokens } from '../../tenancy/tokens/index.ts';
import { type Finding, messageOf, timed } from './finding.ts';

const MINUTE_MS = 60_000;

/** The vault on the secret in use. Throws KeyFileProblem. */
export function openDoctorsVault(config: Config): Vault {
  return createVault(config.secrets.current ?? readKeyFile(keyFileOf(config)), config.secrets.previous);
}

/** Whether the secret opens every stored key, and whether the current one signs what it verifies. */
export async function checkKeys(config: Config, database: Database): Promise<Finding[]> {
  const check = 'secret';
  try {
    const vault = openDoctorsVault(config);
    const signingKeys = createSigningKeys({ clock: systemClock, database, vault });
    // A key is opened when it is first used.
    void (await signingKeys.current()).privateKey;
    const place = config.secrets.current === undefined ? resolve(keyFileOf(config)) : 'GATEHOUSE_SECRET';
    return [
      { check, status: 'ok', message: `${place} opens the stored keys` },
      await checkSigning(config, signingKeys),
    ];
  } catch (error) {
    const fix = 'Put the key file (or GATEHOUSE_SECRET) of this database back: a new one cannot open what is stored.';
    return [{ check, status: 'problem', message: messageOf(error), fix }];
  }
}

async function checkSigning({ server: { issuer } }: Config, signingKeys: SigningKeys): Promise<Finding> {
  const check = 'signing';
  const newId = createIds(systemClock);
  const tokens = createTokens({ clock: systemClock, newId, issuer, signingKeys });
  const id = newId();
  const notAfter = systemClock.now() + MINUTE_MS;
  const about = { amr: [], acr: '', auth_time: 0, scope: '', scopes: [] };
  const grant = { sub: id, aud: issuer, client_id: 'doctor', sid: id, ...about };
  try {
    const { value, durationMs } = await timed(async () => {
      const { token } = await tokens.issueAccess(grant, { ttlMs: MINUTE_MS, notAfter });
      return tokens.verifyAccess(token);
    });
    if (value?.sub !== id) throw new Error('a token that was just signed does not verify');
    return { check, status: 'ok', message: `signing and verifying a token takes ${durationMs} ms` };
  } catch (error) {
    return { check, status: 'problem', message: messageOf(error), fix: 'Run: gatehouse keys rotate' };
  }
}
