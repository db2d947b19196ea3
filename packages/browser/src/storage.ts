import type { SessionStorage } from './environment.ts';

/** The answer of `GET /me`. */
export type Me = {
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
};

/** A session as the tabs of one origin share it. Times are in milliseconds since the epoch, of this device's clock. */
export type Snapshot = {
  readonly sessionId: string;
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly receivedAt: number;
  readonly expiresAt: number;
  readonly me: Me | null;
};

/** The shared place of the one snapshot. */
export type SnapshotStore = {
  readonly key: string;
  find(): Snapshot | null;
  save(snapshot: Snapshot): void;
  clear(): void;
};

/** Keeps the snapshot in `storage`; where that is full or blocked, in this tab's memory. Never throws. */
export function createSnapshotStore(storage: SessionStorage, key: string): SnapshotStore {
  let unsaved: Snapshot | null = null;
  return {
    key,
    find() {
      return unsaved ?? attempt(() => parseSnapshot(storage.getItem(key)));
    },
    save(snapshot) {
      unsaved = snapshot;
      attempt(() => {
        storage.setItem(key, JSON.stringify(snapshot));
        unsaved = null;
        return null;
      });
    },
    clear() {
      unsaved = null;
      attempt(() => {
        storage.removeItem(key);
        return null;
      });
    },
  };
}

function attempt<T>(run: () => T | null): T | null {
  try {
    return run();
  } catch {
    return null;
  }
}

function parseSnapshot(text: string | null): Snapshot | null {
  const stored = JSON.parse(text ?? 'null') as Partial<Snapshot> | null;
  if (!stored || !isText(stored.sessionId) || !isText(stored.refreshToken)) return null;
  return {
    sessionId: stored.sessionId,
    // Without a usable access token or times the snapshot counts as long expired, and the refresh token still works.
    accessToken: isText(stored.accessToken) ? stored.accessToken : '',
    refreshToken: stored.refreshToken,
    receivedAt: Number.isFinite(stored.receivedAt) ? Number(stored.receivedAt) : 0,
    expiresAt: Number.isFinite(stored.expiresAt) && isText(stored.accessToken) ? Number(stored.expiresAt) : 0,
    me: typeof stored.me === 'object' && isText(stored.me?.user_id) ? stored.me : null,
  };
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
