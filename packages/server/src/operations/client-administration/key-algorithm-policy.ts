import type { ClientRecord } from '../../tenancy/clients/index.ts';
import type { Algorithm } from '../../tenancy/signing-keys/index.ts';

/** The algorithm that a client has chosen; null: whatever the issuer signs with. */
export function chosenAlgorithm({
  tokenMode,
  settings,
}: Pick<ClientRecord, 'tokenMode' | 'settings'>): Algorithm | null {
  return tokenMode === 'v1_hs256' ? 'HS256' : (settings.signing_algorithm ?? null);
}

/** The algorithm of the keys that a change of this client asks for; null: the keys it has will do. */
export function algorithmToMake(
  before: Pick<ClientRecord, 'tokenMode' | 'settings'>,
  after: Pick<ClientRecord, 'tokenMode' | 'settings'>,
  of: { isModeNamed: boolean; current: Algorithm | null },
): Algorithm | null {
  const isChanged = chosenAlgorithm(before) !== chosenAlgorithm(after);
  if (!isChanged && !of.isModeNamed) return null;
  const wanted = chosenAlgorithm(after) ?? 'ES256';
  return wanted === of.current ? null : wanted;
}
