import type { Clock } from '../../platform/clock/index.ts';
import type { Database } from '../../platform/database/index.ts';
import type { Announce, RequestFacts } from '../../platform/events/index.ts';
import { updateDisplayName } from './store.ts';
import { readUser, type User } from './user.ts';

export interface NameChange {
  clientId: string;
  userId: string;
  /** Null takes the name away. */
  displayName: string | null;
  request: RequestFacts;
}

/** Changes the name a user goes by; null when the user is gone. */
export function changeDisplayName(
  deps: { clock: Clock; database: Database; announce: Announce },
  { clientId, userId, displayName, request }: NameChange,
): Promise<User | null> {
  return deps.database.write(async (tx) => {
    const change = { client_id: clientId, id: userId, display_name: displayName, at: deps.clock.now() };
    const row = await updateDisplayName.first(tx, change);
    if (!row) return null;
    await deps.announce(tx, {
      name: 'profile_updated',
      clientId,
      userId,
      metadata: { changed: ['display_name'] },
      request,
    });
    return readUser(row);
  });
}
