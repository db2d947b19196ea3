import { createHash } from 'node:crypto';
import type { AuthData } from './auth-data.ts';

type Entry = { readonly authData: AuthData; readonly expiresAt: number };

/** A bounded memory of tokens that were verified a moment ago. Times are in milliseconds since the epoch. */
export type TokenCache = {
  find(token: string, now: number): AuthData | undefined;
  insert(token: string, authData: AuthData, expiresAt: number): void;
  clear(): void;
  readonly size: number;
};

/** Keeps at most `maxEntries` tokens, drops the least recently used first, and stores hashes instead of tokens. */
export function createTokenCache(maxEntries: number): TokenCache {
  // A Map iterates in insertion order, so its first key is the least recently used one.
  const entries = new Map<string, Entry>();
  return {
    find(token, now) {
      const key = hash(token);
      const entry = entries.get(key);
      if (!entry) return undefined;
      entries.delete(key);
      if (now >= entry.expiresAt) return undefined;
      entries.set(key, entry);
      return entry.authData;
    },
    insert(token, authData, expiresAt) {
      if (maxEntries <= 0) return;
      const key = hash(token);
      entries.delete(key);
      const oldest = entries.size >= maxEntries ? entries.keys().next().value : undefined;
      if (oldest !== undefined) entries.delete(oldest);
      entries.set(key, { authData, expiresAt });
    },
    clear: () => entries.clear(),
    get size() {
      return entries.size;
    },
  };
}

function hash(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
