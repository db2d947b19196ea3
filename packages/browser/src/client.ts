import type { EmailSignIn } from './email.ts';
import { createEmailSignIn } from './email.ts';
import type { Environment, SessionStorage } from './environment.ts';
import { completeEnvironment } from './environment.ts';
import { createSend } from './http.ts';
import { startKeepAlive } from './keep-alive.ts';
import type { Passkeys } from './passkey.ts';
import { createPasskeys } from './passkey.ts';
import { GatehouseSdkError } from './sdk-error.ts';
import { createSession } from './session.ts';
import type { SessionListener, SessionState } from './session-state.ts';
import { createStateHolder } from './session-state.ts';
import type { Me } from './storage.ts';
import { createSnapshotStore } from './storage.ts';

/** Settings of a client. */
export type GatehouseOptions = {
  /** Where the server is, for example `https://auth.example.com`; a path prefix is kept. */
  readonly baseUrl: string;
  /** The client's public key (`gh_pk_…`), when the page's origin alone does not name the client. */
  readonly apiKey?: string;
  /** How the refresh token travels. Only `token` (in JSON) exists. */
  readonly sessionMode?: 'token';
  /** Where the session is kept, `localStorage` unless given. */
  readonly storage?: SessionStorage;
  /** The name of the session in the storage, `gatehouse.sdk` unless given. Clients of one origin share it. */
  readonly storageKey?: string;
  /** Replaces parts of the browser, for tests and other runtimes. */
  readonly environment?: Partial<Environment>;
};

/** The client a page works with. */
export type GatehouseClient = {
  readonly email: EmailSignIn;
  readonly passkey: Passkeys;
  /** The same as `passkey`. */
  readonly webauthn: Passkeys;
  readonly me: {
    /** What is known of the user, without asking the server. */
    get(): Me | null;
    reload(): Promise<Me>;
  };
  readonly session: {
    getState(): SessionState;
    /** Calls the listener after every change; returns how to stop that. */
    onChange(listener: SessionListener): () => void;
    refresh(): Promise<SessionState>;
    logout(): Promise<void>;
  };
  /** Stops timers, listeners and a waiting passkey prompt. The session stays in the storage. */
  close(): void;
};

/** Creates a client and starts with the session in the storage. Throws `sdk_init_failed` on settings that cannot work. */
export function createGatehouse(options: GatehouseOptions): GatehouseClient {
  const environment = completeEnvironment({
    ...options.environment,
    ...(options.storage ? { storage: options.storage } : {}),
  });
  const send = createSend(environment, { baseUrl: readBaseUrl(options), apiKey: options.apiKey });
  const store = createSnapshotStore(environment.storage, options.storageKey ?? 'gatehouse.sdk');
  const state = createStateHolder();
  const deps = { environment, send, store, state };
  const session = createSession(deps);
  const passkey = createPasskeys({ environment, send, session });
  const stop = startKeepAlive(deps, session);
  return {
    email: createEmailSignIn(send, session),
    passkey,
    webauthn: passkey,
    me: { get: () => state.get().me, reload: session.reloadMe },
    session: { getState: state.get, onChange: state.onChange, refresh: session.refresh, logout: session.logout },
    close() {
      stop();
      passkey.cancel();
      state.removeListeners();
    },
  };
}

function readBaseUrl({ baseUrl, sessionMode = 'token' }: GatehouseOptions): string {
  if (sessionMode !== 'token') {
    throw new GatehouseSdkError('sdk_init_failed', `The session mode "${sessionMode}" does not exist.`);
  }
  if (!/^https?:\/\//i.test(baseUrl) || !URL.canParse(baseUrl)) {
    throw new GatehouseSdkError('sdk_init_failed', 'baseUrl must be an http or https URL.');
  }
  return baseUrl.replace(/\/+$/, '');
}
