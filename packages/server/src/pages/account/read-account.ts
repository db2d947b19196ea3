import { listPasskeys, type Passkey, requireRecentSignIn } from '../../identity/passkeys/index.ts';
import { type LiveSession, listSessions } from '../../identity/sessions/index.ts';
import type { User } from '../../identity/users/index.ts';
import { Refusal } from '../../platform/refusals/index.ts';
import type { PageUser } from '../frame/index.ts';
import type { PageDeps } from '../page-deps.ts';

/** Everything the account page shows. */
export interface Account {
  user: User;
  passkeys: Passkey[];
  /** The present one first, then the one used last. */
  sessions: LiveSession[];
  currentId: string;
  /** Whether the last sign-in is recent enough for changes to passkeys. */
  isRecent: boolean;
  now: number;
}

/** Whether the person at this page proved who they are a short while ago. */
export function isRecent(deps: PageDeps, { session }: PageUser): boolean {
  try {
    requireRecentSignIn(deps.clock, session.session.created_at);
    return true;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}

export async function readAccount(deps: PageDeps, caller: PageUser): Promise<Account> {
  const { user, session } = caller.session;
  const own = { clientId: user.clientId, userId: user.id };
  const [passkeys, sessions] = await Promise.all([listPasskeys(deps.database, own), listSessions(deps, own)]);
  const rank = (one: LiveSession) => (one.id === session.id ? Number.POSITIVE_INFINITY : one.lastUsedAt);
  return {
    user,
    passkeys,
    sessions: sessions.toSorted((a, b) => rank(b) - rank(a)),
    currentId: session.id,
    isRecent: isRecent(deps, caller),
    now: deps.clock.now(),
  };
}
