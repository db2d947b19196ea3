import type { Clock } from '../../platform/clock/index.ts';
import type { Database } from '../../platform/database/index.ts';
import { takeChallenge } from './store.ts';
import type { PasskeyChallengesTable } from './tables.ts';

export interface ChallengeInput {
  clientId: string;
  requestId: string;
  purpose: 'register' | 'authenticate';
  /** The Origin header of the request that answers; null when a back end relays it. */
  origin: string | null;
}

/**
 * Takes a challenge for good: from here on it is spent, whatever becomes of the response (W-02). Null when there is none, when it
 * was for something else, is too old, or was given to another page.
 */
export async function claimChallenge(
  deps: { clock: Clock; database: Database },
  { clientId, requestId, purpose, origin }: ChallengeInput,
): Promise<PasskeyChallengesTable | null> {
  const row = await deps.database.write((tx) => takeChallenge(tx, { id: requestId, client_id: clientId, purpose }));
  if (!row || row.expires_at <= deps.clock.now()) return null;
  return origin === null || origin === row.origin ? row : null;
}
