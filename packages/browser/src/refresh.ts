import type { Environment, Locks } from './environment.ts';
import type { Send } from './http.ts';
import { readTokenAnswer } from './http.ts';
import { isUsable } from './refresh-policy.ts';
import { GatehouseSdkError, isSessionOver, isUnauthorized } from './sdk-error.ts';
import type { StateHolder } from './session-state.ts';
import type { Snapshot, SnapshotStore } from './storage.ts';

// Shorter than the time for which the server answers a replaced token, so that a lost answer can be asked for again.
const requestTimeoutMs = 8_000;
const lockTimeoutMs = 10_000;
const convergeSteps = 5;
const convergeStepMs = 10;

/** What the refresh works on. */
export type RefreshDeps = {
  readonly environment: Environment;
  readonly send: Send;
  readonly store: SnapshotStore;
  readonly state: StateHolder;
};

/** Resolves with a session newer than the one this tab had; rejects when there is none to be had now. */
export type Refresh = () => Promise<Snapshot>;

/**
 * Creates the refresh: at most one is under way in this tab, and with the Web Locks API in all tabs of the origin.
 * Only an answer that says the session is over ends it.
 */
export function createRefresh(deps: RefreshDeps): Refresh {
  let pending: Promise<Snapshot> | undefined;
  return () => {
    pending ??= exclusively(deps.environment.locks, `${deps.store.key}.refresh`, rotateOnce(deps)).finally(() => {
      pending = undefined;
    });
    return pending;
  };
}

function rotateOnce(deps: RefreshDeps): () => Promise<Snapshot> {
  const seen = deps.state.snapshot();
  return async () => {
    const stored = deps.store.find();
    if (!stored) return endInThisTab(deps);
    const isNewer = stored.refreshToken !== seen?.refreshToken;
    return isNewer && isUsable(stored, deps.environment.now()) ? adopt(deps, stored) : rotate(deps, stored);
  };
}

async function rotate(deps: RefreshDeps, sent: Snapshot): Promise<Snapshot> {
  try {
    const body = { session_id: sent.sessionId, refresh_token: sent.refreshToken };
    const answer = await deps.send({ path: '/session/refresh', body, timeoutMs: requestTimeoutMs });
    const next = { ...readTokenAnswer(answer, deps.environment.now()), me: sent.me };
    return keepUnlessReplaced(deps, sent, next);
  } catch (error) {
    if (isSessionOver(error)) return endUnlessReplaced(deps, sent, error);
    if (isUnauthorized(error) && error.error === 'session_superseded') return converge(deps, sent, error);
    throw error;
  }
}

/** While the request was under way somebody may have signed in or out: what they left in the storage wins. */
function keepUnlessReplaced(deps: RefreshDeps, sent: Snapshot, next: Snapshot): Snapshot {
  const stored = deps.store.find();
  if (!stored) return endInThisTab(deps);
  if (stored.refreshToken !== sent.refreshToken) return adopt(deps, stored);
  deps.store.save(next);
  return adopt(deps, next);
}

function endUnlessReplaced(deps: RefreshDeps, sent: Snapshot, error: unknown): Snapshot {
  const stored = deps.store.find();
  if (stored && stored.refreshToken !== sent.refreshToken) return adopt(deps, stored);
  deps.store.clear();
  deps.state.setAnonymous();
  throw error;
}

/** Another tab won the race on a server without a grace time: its session appears in the storage any moment now. */
async function converge(deps: RefreshDeps, sent: Snapshot, error: unknown): Promise<Snapshot> {
  deps.state.set('recovering', sent);
  for (let step = 0; step <= convergeSteps; step += 1) {
    const stored = deps.store.find();
    if (stored?.refreshToken !== sent.refreshToken && isUsable(stored, deps.environment.now()))
      return adopt(deps, stored);
    if (step < convergeSteps) await new Promise<void>((resolve) => deps.environment.setTimer(resolve, convergeStepMs));
  }
  // The storage stays as it is: the session may be alive in the other tab.
  deps.state.setAnonymous();
  throw error;
}

function adopt(deps: RefreshDeps, snapshot: Snapshot): Snapshot {
  deps.state.set(snapshot.me ? 'authenticated' : 'recovering', snapshot);
  return snapshot;
}

function endInThisTab(deps: RefreshDeps): never {
  deps.state.setAnonymous();
  throw new GatehouseSdkError('missing_session', 'Nobody is signed in.');
}

async function exclusively<T>(locks: Locks | undefined, name: string, run: () => Promise<T>): Promise<T> {
  if (!locks) return run();
  let hasEntered = false;
  const enter = (): Promise<T> => {
    hasEntered = true;
    return run();
  };
  try {
    return await locks.request(name, { signal: AbortSignal.timeout(lockTimeoutMs) }, enter);
  } catch (error) {
    // A frozen tab may hold the lock for ever, and some contexts refuse locks: better a race than no session.
    if (hasEntered) throw error;
    return run();
  }
}
