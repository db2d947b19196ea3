import { endSession, pageSessionLifeSeconds, type StartedSession } from '../../identity/sessions/index.ts';
import type { RequestFacts } from '../../platform/events/index.ts';
import { type Answers, newFlow, type Onward, type PageCaller } from '../frame/index.ts';
import type { PageDeps } from '../page-deps.ts';

export interface Entrance {
  location: string;
  onward: Onward;
}

/**
 * Lets somebody in who has just proven who they are: the browser gets the new session's cookie and a new flow, and whatever session it
 * had before is over (T-056).
 */
export async function enter(
  deps: PageDeps & { answers: Answers },
  caller: PageCaller,
  input: { started: StartedSession; request: RequestFacts },
): Promise<Entrance> {
  const { started, request } = input;
  const before = caller.session?.session;
  if (before) {
    const own = { clientId: before.client_id, userId: before.user_id, id: before.id };
    await endSession(deps, { ...own, reason: 'logout', request });
  }
  const life = pageSessionLifeSeconds(started, deps.clock.now());
  const cookies = [deps.answers.sessionCookie(started.secret, life)];
  return { location: caller.flow.signIn?.returnTo ?? '/account', onward: { flow: newFlow(), cookies } };
}
