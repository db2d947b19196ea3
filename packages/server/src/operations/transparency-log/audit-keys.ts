import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { Clock } from '../../platform/clock/index.ts';
import type { Reader, Tx } from '../../platform/database/index.ts';
import { readVerifierKey, type VerifierKey, writeVerifierKey } from '../../platform/merkle-log/index.ts';
import type { Vault } from '../../platform/secrets/index.ts';
import { insertKey, listKeys } from './store.ts';

const PURPOSE = 'audit-key';
const RAW_KEY_BYTES = 32;

/** A key that signs checkpoints: Ed25519, apart from the keys that sign tokens, because it is kept for years. */
export interface AuditKey extends VerifierKey {
  privateKey: KeyObject;
}

function rawPublicKey(privateKey: KeyObject): Buffer {
  const { x = '' } = privateKey.export({ format: 'jwk' });
  return Buffer.from(x, 'base64url').subarray(0, RAW_KEY_BYTES);
}

/** Makes the key an empty database lacks. `name` is what verifiers will know the log by. */
export async function ensureAuditKey(deps: { clock: Clock; vault: Vault; tx: Tx }, name: string): Promise<void> {
  if ((await listKeys.first(deps.tx, {})) !== null) return;
  const { privateKey } = generateKeyPairSync('ed25519');
  const verifierKey = writeVerifierKey({ name, publicKey: rawPublicKey(privateKey) });
  await insertKey.run(deps.tx, {
    kid: verifierKey.split('+')[1] ?? '',
    verifier_key: verifierKey,
    private_sealed: deps.vault.seal(PURPOSE, privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()),
    created_at: deps.clock.now(),
  });
}

/** The public keys of the log, newest first, as auditors read them. */
export async function listAuditKeys(on: Reader): Promise<string[]> {
  return (await listKeys.all(on, {})).map((row) => row.verifier_key);
}

/** The key that signs now. */
export async function openAuditKey(on: Reader, vault: Vault): Promise<AuditKey> {
  const row = await listKeys.first(on, {});
  const key = row && readVerifierKey(row.verifier_key);
  if (!row || !key) throw new Error('the database holds no audit key; run gatehouse init');
  return { ...key, privateKey: createPrivateKey(vault.open(PURPOSE, row.private_sealed)) };
}
