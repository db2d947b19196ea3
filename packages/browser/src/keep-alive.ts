import type { RefreshDeps } from './refresh.ts';
import { isUsable, refreshDueAt, retryDelayMs } from './refresh-policy.ts';
import type { Session } from './session.ts';

const longestTimerMs = 3_600_000;

/** Stops all timers and listeners. */
export type StopKeepAlive = () => void;

/**
 * Starts with the session in the storage, keeps it fresh, follows what other tabs do with it, and tries again after
 * failures: with growing delays, and at once when the network is back or the tab is looked at again.
 */
// long: short functions around one shared state
export function startKeepAlive(deps: RefreshDeps, session: Session): StopKeepAlive {
  const { environment, state, store } = deps;
  let isStopped = false;
  let isWorking = false;
  let failures = 0;
  let timer: unknown;

  function schedule(): void {
    environment.clearTimer(timer);
    const snapshot = state.snapshot();
    if (isStopped || isWorking || !snapshot) return;
    const waitMs =
      failures > 0 ? retryDelayMs(failures, environment.random()) : refreshDueAt(snapshot) - environment.now();
    timer = environment.setTimer(act, Math.min(Math.max(waitMs, 0), longestTimerMs));
  }

  function act(): void {
    const snapshot = state.snapshot();
    if (isStopped || isWorking || !snapshot) return;
    const isRecovering = state.get().status === 'recovering';
    const isDue = environment.now() >= refreshDueAt(snapshot);
    if (!isRecovering && !isDue && failures === 0) {
      schedule();
      return;
    }
    environment.clearTimer(timer);
    isWorking = true;
    const work = isRecovering || !isDue ? session.reloadMe() : session.refresh();
    work.then(succeed, fail);
  }

  function succeed(): void {
    isWorking = false;
    failures = 0;
    schedule();
  }

  function fail(): void {
    isWorking = false;
    failures += 1;
    const snapshot = state.snapshot();
    // Offline with a token that is still good: the person goes on with what is known.
    if (snapshot?.me && environment.now() < snapshot.expiresAt) state.set('authenticated', snapshot);
    schedule();
  }

  function follow(key: string | null): void {
    if (key !== store.key && key !== null) return;
    const stored = store.find();
    if (!stored) {
      state.setAnonymous();
    } else if (isUsable(stored, environment.now())) {
      state.set('authenticated', stored);
    } else {
      state.set('recovering', stored);
      act();
    }
  }

  const stops = [
    environment.listen('storage', follow),
    environment.listen('online', act),
    environment.listen('visible', act),
    state.onChange(schedule),
  ];
  const stored = store.find();
  if (stored) {
    state.set('recovering', stored);
    act();
  }

  return () => {
    isStopped = true;
    environment.clearTimer(timer);
    for (const stop of stops) stop();
  };
}
