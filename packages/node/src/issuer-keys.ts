import type { FlattenedJWSInput, JSONWebKeySet, JWSHeaderParameters } from 'jose';
import { createLocalJWKSet, errors } from 'jose';
import { TokenError } from './token-error.ts';

const maxAgeMs = 600_000;
const cooldownMs = 30_000;
const firstFetchRetryMs = 1_000;
const fetchTimeoutMs = 5_000;

type LocalKeys = ReturnType<typeof createLocalJWKSet>;
type VerificationKey = Awaited<ReturnType<LocalKeys>>;

/** What the key source needs from outside. `now` is in milliseconds since the epoch. */
export type IssuerKeysDeps = { readonly jwksUri: URL; readonly now: () => number; readonly fetch: typeof fetch };

/** The public keys of one issuer; `find` has the shape that jose's `jwtVerify` asks for. */
export type IssuerKeys = {
  find(header: JWSHeaderParameters, token: FlattenedJWSInput): Promise<VerificationKey>;
  close(): void;
};

/**
 * Keeps the last good keys of an issuer: a failing key server never takes away keys that were already known, and
 * however many unknown key ids arrive, the server is asked at most once in 30 seconds.
 *
 * jose's own remote key set forgets its keys when a reload fails and starts no cool-down after a failure.
 */
// long: short functions around one shared state
export function createIssuerKeys(deps: IssuerKeysDeps): IssuerKeys {
  const closing = new AbortController();
  let keys: LocalKeys | undefined;
  let loadedAt = Number.NEGATIVE_INFINITY;
  let triedAt = Number.NEGATIVE_INFINITY;
  let failure: unknown;
  let pending: Promise<void> | undefined;

  async function load(): Promise<void> {
    triedAt = deps.now();
    try {
      keys = createLocalJWKSet(await fetchKeySet(deps, closing.signal));
      loadedAt = deps.now();
      failure = undefined;
    } catch (error) {
      failure = error;
    }
  }

  async function reloadUnlessCooling(): Promise<void> {
    const waitMs = keys ? cooldownMs : firstFetchRetryMs;
    if (!pending && (closing.signal.aborted || deps.now() < triedAt + waitMs)) return;
    pending ??= load().finally(() => {
      pending = undefined;
    });
    await pending;
  }

  async function findKnown(
    header: JWSHeaderParameters,
    token: FlattenedJWSInput,
  ): Promise<VerificationKey | undefined> {
    try {
      return await keys?.(header, token);
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey) return undefined;
      throw error;
    }
  }

  return {
    async find(header, token) {
      if (!keys || deps.now() >= loadedAt + maxAgeMs) await reloadUnlessCooling();
      const known = await findKnown(header, token);
      if (known) return known;
      await reloadUnlessCooling();
      const found = await findKnown(header, token);
      if (found) return found;
      // While the key server cannot be asked, an unknown key may be a new one: nobody can say the token is bad.
      if (!keys || failure)
        throw new TokenError('keys_unavailable', 'The issuer’s keys are unavailable.', { cause: failure });
      throw new TokenError('token_signature_invalid', 'The token is signed with a key the issuer does not publish.');
    },
    close: () => closing.abort(),
  };
}

async function fetchKeySet(deps: IssuerKeysDeps, closing: AbortSignal): Promise<JSONWebKeySet> {
  const response = await deps.fetch(deps.jwksUri, {
    headers: { accept: 'application/json, application/jwk-set+json' },
    redirect: 'error',
    signal: AbortSignal.any([closing, AbortSignal.timeout(fetchTimeoutMs)]),
  });
  if (response.status !== 200) throw new Error(`The key server answered ${response.status}.`);
  return (await response.json()) as JSONWebKeySet;
}
