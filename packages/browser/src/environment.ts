import { GatehouseSdkError } from './sdk-error.ts';

/** The part of `localStorage` that is used. */
export type SessionStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** The part of `navigator.locks` that is used. */
export type Locks = {
  request<T>(name: string, options: { signal: AbortSignal }, run: () => Promise<T>): Promise<T>;
};

/** `storage`: another tab changed the storage; `online`: the network is back; `visible`: the tab is looked at again. */
export type EnvironmentEvent = 'storage' | 'online' | 'visible';

/** Everything the SDK takes from the browser, so that it can be given from elsewhere. Times are in milliseconds. */
export type Environment = {
  readonly fetch: typeof fetch;
  readonly storage: SessionStorage;
  readonly locks: Locks | undefined;
  readonly now: () => number;
  readonly random: () => number;
  readonly setTimer: (run: () => void, delayMs: number) => unknown;
  readonly clearTimer: (timer: unknown) => void;
  /** Returns how to stop listening. A `storage` listener gets the changed key, or null when all was cleared. */
  readonly listen: (event: EnvironmentEvent, listener: (key: string | null) => void) => () => void;
  readonly credentials: Pick<CredentialsContainer, 'get' | 'create'> | undefined;
  readonly publicKeyCredential: typeof PublicKeyCredential | undefined;
  readonly hostname: string;
};

/** Completes what is given from the page's globals; throws `sdk_init_failed` when there is no storage to be had. */
export function completeEnvironment(given: Partial<Environment>): Environment {
  return {
    fetch: (input, init) => globalThis.fetch(input, init),
    locks: globalThis.navigator?.locks as Locks | undefined,
    now: Date.now,
    random: Math.random,
    setTimer: (run, delayMs) => setTimeout(run, delayMs),
    clearTimer: (timer) => clearTimeout(timer as number),
    listen: listenInPage,
    credentials: globalThis.navigator?.credentials,
    publicKeyCredential: globalThis.PublicKeyCredential,
    hostname: globalThis.location?.hostname ?? '',
    ...given,
    storage: given.storage ?? findLocalStorage(),
  };
}

function findLocalStorage(): SessionStorage {
  try {
    const storage: Storage | undefined = globalThis.localStorage;
    if (storage) return storage;
  } catch (cause) {
    // Reading the property itself throws where the browser blocks storage.
    throw new GatehouseSdkError('sdk_init_failed', 'The browser blocks localStorage.', { cause });
  }
  throw new GatehouseSdkError('sdk_init_failed', 'There is no localStorage.');
}

function listenInPage(event: EnvironmentEvent, listener: (key: string | null) => void): () => void {
  const isVisibility = event === 'visible';
  const target: EventTarget | undefined = isVisibility ? globalThis.document : globalThis.window;
  const type = isVisibility ? 'visibilitychange' : event;
  const hear = (heard: Event): void => {
    if (isVisibility && document.visibilityState !== 'visible') return;
    listener('key' in heard ? (heard.key as string | null) : null);
  };
  target?.addEventListener(type, hear);
  return () => target?.removeEventListener(type, hear);
}
