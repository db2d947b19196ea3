import type { Send, ServerRequest } from './http.ts';
import { readTokenAnswer } from './http.ts';
import type { Refresh, RefreshDeps } from './refresh.ts';
import { createRefresh } from './refresh.ts';
import { refreshDueAt } from './refresh-policy.ts';
import { GatehouseSdkError, isSessionOver, isUnauthorized } from './sdk-error.ts';
import type { SessionState } from './session-state.ts';
import type { Me, Snapshot } from './storage.ts';

/** What can be done with the session. */
export type Session = {
  /** Takes a token answer, loads `/me` and only then is signed in; when `/me` fails nobody is. */
  signIn(tokenAnswer: Record<string, unknown>): Promise<SessionState>;
  /** Sends a request in the name of the user; refreshes first when due, and once more when the token is refused. */
  sendAsUser: Send;
  reloadMe(): Promise<Me>;
  refresh(): Promise<SessionState>;
  /** Ends the session on the server if it can be reached, and here in any case. */
  logout(): Promise<void>;
};

/** Creates the rules of the session on top of the shared storage and this tab's state. */
export function createSession(deps: RefreshDeps): Session {
  const rotate = createRefresh(deps);

  async function reloadMe(): Promise<Me> {
    const { answer, sessionId } = await sendWithToken(deps, rotate, { method: 'GET', path: '/me' });
    return keepMe(deps, sessionId, readMe(answer));
  }

  return {
    sendAsUser: async (request) => (await sendWithToken(deps, rotate, request)).answer,
    reloadMe,
    signIn: (tokenAnswer) => signIn(deps, tokenAnswer),
    async refresh() {
      if (!deps.state.snapshot()) throw missingSession();
      await rotate();
      await reloadMe();
      return deps.state.get();
    },
    async logout() {
      await endOnServer(deps, rotate).catch(() => undefined);
      end(deps);
    },
  };
}

async function signIn(deps: RefreshDeps, tokenAnswer: Record<string, unknown>): Promise<SessionState> {
  const snapshot = readTokenAnswer(tokenAnswer, deps.environment.now());
  const { accessToken } = snapshot;
  try {
    const me = readMe(await deps.send({ method: 'GET', path: '/me', accessToken }));
    const complete = { ...snapshot, me };
    deps.store.save(complete);
    deps.state.set('authenticated', complete);
    return deps.state.get();
  } catch (error) {
    end(deps);
    // Nobody would ever use this session; not leaving it open is a courtesy that may fail.
    deps.send({ path: '/session/logout', accessToken }).catch(() => undefined);
    throw error;
  }
}

type UserAnswer = { readonly answer: Record<string, unknown>; readonly sessionId: string };

async function sendWithToken(deps: RefreshDeps, rotate: Refresh, request: ServerRequest): Promise<UserAnswer> {
  const { accessToken, sessionId } = await findFreshSession(deps, rotate);
  try {
    return { answer: await deps.send({ ...request, accessToken }), sessionId };
  } catch (error) {
    if (!isUnauthorized(error)) throw error;
  }
  const next = await rotate();
  try {
    return { answer: await deps.send({ ...request, accessToken: next.accessToken }), sessionId: next.sessionId };
  } catch (error) {
    if (isSessionOver(error) && deps.store.find()?.refreshToken === next.refreshToken) end(deps);
    throw error;
  }
}

async function findFreshSession(deps: RefreshDeps, rotate: Refresh): Promise<Snapshot> {
  const snapshot = deps.state.snapshot();
  if (!snapshot) throw missingSession();
  if (deps.environment.now() < refreshDueAt(snapshot)) return snapshot;
  try {
    return await rotate();
  } catch (error) {
    // The old token is good for some more minutes, and the session still there: use it.
    if (deps.state.snapshot() && deps.environment.now() < snapshot.expiresAt) return snapshot;
    throw error;
  }
}

/** Keeps `/me` only with the session it was asked with, and with that session's newest tokens. */
function keepMe(deps: RefreshDeps, sessionId: string, me: Me): Me {
  const current = deps.state.snapshot();
  if (current?.sessionId !== sessionId) return me;
  const stored = deps.store.find();
  const isShared = stored?.sessionId === sessionId;
  const snapshot = { ...(isShared ? stored : current), me };
  if (isShared) deps.store.save(snapshot);
  deps.state.set('authenticated', snapshot);
  return me;
}

function readMe(answer: Record<string, unknown>): Me {
  if (typeof answer.user_id === 'string') return answer as unknown as Me;
  throw new GatehouseSdkError('request_failed', 'The answer is not one of this server.', { error: 'invalid_answer' });
}

async function endOnServer(deps: RefreshDeps, rotate: Refresh): Promise<void> {
  const stored = deps.store.find();
  if (!deps.state.snapshot() && stored) deps.state.set('recovering', stored);
  const { accessToken } = await findFreshSession(deps, rotate);
  await deps.send({ path: '/session/logout', accessToken });
}

function end(deps: RefreshDeps): void {
  deps.store.clear();
  deps.state.setAnonymous();
}

function missingSession(): GatehouseSdkError {
  return new GatehouseSdkError('missing_session', 'Nobody is signed in.');
}
