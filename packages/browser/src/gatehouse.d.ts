export {};

type Status = 'recovering' | 'authenticated' | 'anonymous';

interface Options {
  readonly baseUrl: string;
  readonly apiKey?: string;
  readonly sessionMode?: 'token';
  readonly storage?: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  readonly storageKey?: string;
}

interface Me {
  readonly user_id: string;
  readonly email: string;
  readonly webauthn_credentials: readonly {
    readonly id: string;
    readonly credential_id: string;
    readonly transports: readonly string[];
    readonly created_at: string;
  }[];
  readonly active_sessions: readonly {
    readonly id: string;
    readonly created_at: string;
    readonly expires_at: string;
  }[];
}

interface State {
  readonly status: Status;
  readonly authenticated: boolean;
  readonly sessionId: string | null;
  readonly accessToken: string | null;
  readonly refreshToken: string | null;
  readonly receivedAt: number | null;
  readonly expiresAt: number | null;
  readonly me: Me | null;
}

/** Every rejection of this SDK. `status` and `error` are the server's, on `request_failed`. */
interface SdkError extends Error {
  readonly name: 'GatehouseSdkError';
  readonly code:
    | 'sdk_init_failed'
    | 'missing_session'
    | 'request_failed'
    | 'webauthn_cancelled'
    | 'webauthn_unsupported'
    | 'webauthn_failed';
  readonly status: number | undefined;
  readonly error: string | undefined;
}

interface Passkeys {
  authenticate(options?: {
    readonly rpId?: string;
    readonly mediation?: 'conditional' | 'optional' | 'required';
  }): Promise<State>;
  register(options?: { readonly rpId?: string; readonly name?: string }): Promise<Me>;
  remove(id: string): Promise<Me>;
  supportsAutofill(): Promise<boolean>;
  cancel(): void;
}

interface Client {
  readonly email: {
    start(input: { readonly email: string }): Promise<{ readonly ok: true }>;
    verify(input: { readonly email: string; readonly code: string }): Promise<State>;
  };
  readonly passkey: Passkeys;
  readonly webauthn: Passkeys;
  readonly me: { get(): Me | null; reload(): Promise<Me> };
  readonly session: {
    getState(): State;
    onChange(listener: (state: State) => void): () => void;
    refresh(): Promise<State>;
    logout(): Promise<void>;
  };
  close(): void;
}

declare global {
  interface Window {
    /** A client of the Gatehouse server that served this script. Times are in milliseconds since the epoch. */
    Gatehouse: Client & {
      createClient(options: Options): Client;
      readonly GatehouseSdkError: abstract new (...given: never[]) => SdkError;
    };
  }
}
