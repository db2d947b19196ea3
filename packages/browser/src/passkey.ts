import { readCreationOptions, readRequestOptions, writeCredential } from './credential-json.ts';
import type { Environment } from './environment.ts';
import type { Send } from './http.ts';
import { GatehouseSdkError } from './sdk-error.ts';
import type { Session } from './session.ts';
import type { SessionState } from './session-state.ts';
import type { Me } from './storage.ts';

/** Settings of a sign-in; `rpId` is the page's host name unless given. `conditional` offers passkeys in autofill. */
export type AuthenticateOptions = {
  readonly rpId?: string;
  readonly mediation?: 'conditional' | 'optional' | 'required';
};

/** Settings of a registration; `name` is what the person will see in their list of passkeys. */
export type RegisterOptions = { readonly rpId?: string; readonly name?: string };

/** Sign-in with passkeys, and the user's own passkeys. */
export type Passkeys = {
  /** Signs in; resolves only after `/me` is loaded. A ceremony still waiting, as of autofill, is cancelled first. */
  authenticate(options?: AuthenticateOptions): Promise<SessionState>;
  /** Adds a passkey to the signed-in user. */
  register(options?: RegisterOptions): Promise<Me>;
  /** Deletes a passkey by the `id` in `me.webauthn_credentials`. */
  remove(id: string): Promise<Me>;
  /** Whether this browser can offer passkeys in the autofill of an input with `autocomplete="username webauthn"`. */
  supportsAutofill(): Promise<boolean>;
  /** Ends a ceremony that is waiting, with `webauthn_cancelled`. */
  cancel(): void;
};

/** What the ceremonies work on. */
export type PasskeyDeps = { readonly environment: Environment; readonly send: Send; readonly session: Session };

/** Creates the passkey ceremonies, of which at most one is pending. */
export function createPasskeys(deps: PasskeyDeps): Passkeys {
  const { environment, session } = deps;
  let pending: AbortController | undefined;

  function begin(): AbortSignal {
    pending?.abort();
    pending = new AbortController();
    return pending.signal;
  }

  return {
    authenticate: async (options = {}) => session.signIn(await authenticate(deps, options, begin())),
    async register(options = {}) {
      await register(deps, options, begin());
      return session.reloadMe();
    },
    async remove(id) {
      await session.sendAsUser({ method: 'DELETE', path: `/webauthn/credentials/${encodeURIComponent(id)}` });
      return session.reloadMe();
    },
    async supportsAutofill() {
      const api = environment.publicKeyCredential;
      return (await api?.isConditionalMediationAvailable?.().catch(() => false)) ?? false;
    },
    cancel: () => pending?.abort(),
  };
}

async function authenticate(
  { environment, send }: PasskeyDeps,
  { rpId = environment.hostname, mediation }: AuthenticateOptions,
  signal: AbortSignal,
): Promise<Record<string, unknown>> {
  const { api, credentials } = requireApi(environment);
  const offer = await send({ path: '/webauthn/authenticate/options', body: { rp_id: rpId } });
  const credential = await runCeremony(signal, () => {
    const publicKey = readRequestOptions(offer.publicKey as Record<string, unknown>, api);
    return credentials.get({ publicKey, signal, ...(mediation ? { mediation } : {}) });
  });
  return send({ path: '/webauthn/authenticate/verify', body: { request_id: offer.request_id, credential } });
}

async function register(
  { environment, session }: PasskeyDeps,
  { rpId = environment.hostname, name }: RegisterOptions,
  signal: AbortSignal,
): Promise<void> {
  const { api, credentials } = requireApi(environment);
  const offer = await session.sendAsUser({ path: '/webauthn/register/options', body: { rp_id: rpId } });
  const credential = await runCeremony(signal, () => {
    const publicKey = readCreationOptions(offer.publicKey as Record<string, unknown>, api);
    return credentials.create({ publicKey, signal });
  });
  const body = { request_id: offer.request_id, credential, ...(name === undefined ? {} : { name }) };
  await session.sendAsUser({ path: '/webauthn/register/verify', body });
}

function requireApi({ publicKeyCredential, credentials }: Environment) {
  if (publicKeyCredential && credentials) return { api: publicKeyCredential, credentials };
  throw new GatehouseSdkError('webauthn_unsupported', 'This browser has no passkeys.');
}

async function runCeremony(
  signal: AbortSignal,
  run: () => Promise<Credential | null>,
): Promise<Record<string, unknown>> {
  try {
    signal.throwIfAborted();
    const credential = await run();
    if (credential) return writeCredential(credential as PublicKeyCredential);
  } catch (cause) {
    throw readCeremonyError(cause);
  }
  throw new GatehouseSdkError('webauthn_cancelled', 'No passkey was chosen.');
}

function readCeremonyError(cause: unknown): GatehouseSdkError {
  const name = cause instanceof Error || cause instanceof DOMException ? cause.name : 'UnknownError';
  return name === 'AbortError' || name === 'NotAllowedError'
    ? new GatehouseSdkError('webauthn_cancelled', 'The passkey prompt was closed.', { error: name, cause })
    : new GatehouseSdkError('webauthn_failed', 'The passkey could not be used.', { error: name, cause });
}
