import type { Clock } from '../../platform/clock/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import type { NewId } from '../../platform/ids/index.ts';
import { callerSecret, hashSecret, parseCallerSecret, randomSecret } from '../../platform/secrets/index.ts';
import { putInvitation } from './store.ts';

const KIND = 'ai';
const TTL_MS = 7 * 86_400_000;

/** A way in that works once. The address is shown or mailed now; only a hash is kept. */
export interface Invitation {
  url: string;
  expiresAt: number;
}

/** Writes an invitation for somebody; the one before is void. */
export async function writeInvitation(
  deps: { clock: Clock; newId: NewId; issuer: string; tx: Tx },
  userId: string,
): Promise<Invitation> {
  const now = deps.clock.now();
  const expiresAt = now + TTL_MS;
  const id = deps.newId();
  const secret = randomSecret();
  await putInvitation(deps.tx, {
    user_id: userId,
    invitation_id: id,
    token_hash: hashSecret(secret),
    expires_at: expiresAt,
    created_at: now,
  });
  return { url: `${deps.issuer}/admin/invitation?token=${callerSecret({ kind: KIND, id, secret })}`, expiresAt };
}

/** Takes the token of an invitation apart; null when it is none. */
export function readInvitationToken(token: string): { id: string; hash: string } | null {
  const presented = parseCallerSecret(KIND, token);
  return presented && { id: presented.id, hash: hashSecret(presented.secret) };
}
