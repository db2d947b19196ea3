import type { Clock } from '../../platform/clock/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import type { NewId } from '../../platform/ids/index.ts';
import { callerSecret, hashSecret, randomSecret } from '../../platform/secrets/index.ts';
import { endKeys, forgetEndedKeys, insertKey } from './store.ts';

/** `api_key` names a client, `client_secret` authenticates it (D3). */
export type KeyKind = 'api_key' | 'client_secret';

const PREFIX = { api_key: 'pk', client_secret: 'sk' } as const;

interface KeyDeps {
  clock: Clock;
  newId: NewId;
  tx: Tx;
}

/** A new key of a client, shown here once and kept only as a hash. */
export async function mintKey(deps: KeyDeps, of: { clientId: string; kind: KeyKind }): Promise<string> {
  const id = deps.newId();
  const secret = randomSecret();
  const row = { id, client_id: of.clientId, kind: of.kind, secret_hash: hashSecret(secret) };
  await insertKey.run(deps.tx, { ...row, created_at: deps.clock.now(), expires_at: null });
  return callerSecret({ kind: PREFIX[of.kind], id, secret });
}

/** A new key; those before it work for `overlapMs` more, and one whose end is nearer keeps its end. */
export async function rotateClientKey(
  deps: KeyDeps,
  of: { clientId: string; kind: KeyKind; overlapMs: number },
): Promise<string> {
  const now = deps.clock.now();
  await endKeys.run(deps.tx, { client_id: of.clientId, kind: of.kind, expires_at: now + of.overlapMs });
  await forgetEndedKeys.run(deps.tx, { client_id: of.clientId, now });
  return mintKey(deps, of);
}
