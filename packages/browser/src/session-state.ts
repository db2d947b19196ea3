import type { Me, Snapshot } from './storage.ts';

/** `recovering`: there is a refresh token, and it is being found out whether it is still good. */
export type SessionStatus = 'recovering' | 'authenticated' | 'anonymous';

/** What is known about the session, frozen. Times are in milliseconds since the epoch. */
export type SessionState = {
  readonly status: SessionStatus;
  readonly authenticated: boolean;
  readonly sessionId: string | null;
  readonly accessToken: string | null;
  readonly refreshToken: string | null;
  readonly receivedAt: number | null;
  readonly expiresAt: number | null;
  readonly me: Me | null;
};

/** Called with the new state after every change. */
export type SessionListener = (state: SessionState) => void;

/** This tab's view of the session. */
export type StateHolder = {
  get(): SessionState;
  /** The session of the state, or null when anonymous. */
  snapshot(): Snapshot | null;
  set(status: 'recovering' | 'authenticated', snapshot: Snapshot): void;
  setAnonymous(): void;
  onChange(listener: SessionListener): () => void;
  removeListeners(): void;
};

const nothing = {
  sessionId: null,
  accessToken: null,
  refreshToken: null,
  receivedAt: null,
  expiresAt: null,
  me: null,
};

/** Creates the holder, anonymous at first. Listeners hear of changes only, and one that throws disturbs nobody. */
export function createStateHolder(): StateHolder {
  const listeners = new Set<SessionListener>();
  let snapshot: Snapshot | null = null;
  let state = createState('anonymous', null);

  function change(status: SessionStatus, next: Snapshot | null): void {
    const changed = createState(status, next);
    snapshot = next;
    if (JSON.stringify(changed) === JSON.stringify(state)) return;
    state = changed;
    for (const listener of [...listeners]) notify(listener, changed);
  }

  return {
    get: () => state,
    snapshot: () => snapshot,
    set: change,
    setAnonymous: () => change('anonymous', null),
    onChange(listener) {
      // A wrapper of its own, so that a function added twice is called twice and removed one at a time.
      const added: SessionListener = (changed) => listener(changed);
      listeners.add(added);
      return () => void listeners.delete(added);
    },
    removeListeners: () => listeners.clear(),
  };
}

function createState(status: SessionStatus, snapshot: Snapshot | null): SessionState {
  return deepFreeze({ status, authenticated: status === 'authenticated', ...nothing, ...snapshot });
}

function notify(listener: SessionListener, state: SessionState): void {
  try {
    listener(state);
  } catch (error) {
    console.error(error);
  }
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}
