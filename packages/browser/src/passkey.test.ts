import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFakeBrowser } from '../test/fake-browser.ts';
import { startLocalServer } from '../test/local-server.ts';
import type { GatehouseClient } from './client.ts';
import type { Environment } from './environment.ts';

let server: Awaited<ReturnType<typeof startLocalServer>>;
let client: GatehouseClient | undefined;
beforeEach(async () => {
  server = await startLocalServer();
});
afterEach(async () => {
  client?.close();
  await server.close();
});

type Container = NonNullable<Environment['credentials']>;
type Api = NonNullable<Environment['publicKeyCredential']>;

const bytes = (...values: number[]) => new Uint8Array(values).buffer;
const assertion = {
  id: '-_8',
  rawId: bytes(251, 255),
  type: 'public-key',
  response: { clientDataJSON: bytes(1), authenticatorData: bytes(2), signature: bytes(3), userHandle: null },
  getClientExtensionResults: () => ({}),
};
const attestation = {
  ...assertion,
  response: { clientDataJSON: bytes(1), attestationObject: bytes(4), getTransports: () => ['internal'] },
};

function open(container: Record<string, unknown> | undefined, api: Record<string, unknown> = {}): GatehouseClient {
  const environment = {
    credentials: container as unknown as Container,
    publicKeyCredential: (container && api) as unknown as Api,
  };
  client = createFakeBrowser().openTab({ baseUrl: server.baseUrl, environment });
  return client;
}
const callTo = (path: string) => server.calls.find((call) => call.path === path);

/** A prompt that nobody answers, as of autofill. */
function waitForAbort({ signal }: { signal: AbortSignal }): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
}

describe('sign-in with a passkey', () => {
  it('converts the options and the credential where the browser cannot, and loads the user', async () => {
    const asked: CredentialRequestOptions[] = [];
    const get = async (options: CredentialRequestOptions) => {
      asked.push(options);
      return assertion;
    };
    const state = await open({ get }).passkey.authenticate();
    expect(state).toMatchObject({ status: 'authenticated', me: { user_id: 'user-1' } });
    expect(asked[0]?.publicKey?.challenge).toEqual(new Uint8Array([1, 2, 3]));
    expect(callTo('/webauthn/authenticate/options')?.body).toEqual({ rp_id: 'app.example.com' });
    expect(callTo('/webauthn/authenticate/verify')?.body).toEqual({
      request_id: 'request-1',
      credential: {
        id: '-_8',
        rawId: '-_8',
        type: 'public-key',
        response: { clientDataJSON: 'AQ', authenticatorData: 'Ag', signature: 'Aw' },
        clientExtensionResults: {},
      },
    });
  });

  it('uses the browser’s own conversion where there is one', async () => {
    const api = { parseRequestOptionsFromJSON: (json: { challenge: string }) => ({ parsed: json.challenge }) };
    const get = async ({ publicKey }: { publicKey: unknown }) => {
      expect(publicKey).toEqual({ parsed: 'AQID' });
      return { ...assertion, toJSON: () => ({ id: 'from-browser' }) };
    };
    await open({ get }, api).webauthn.authenticate({ rpId: 'example.com' });
    expect(callTo('/webauthn/authenticate/verify')?.body.credential).toEqual({ id: 'from-browser' });
    expect(callTo('/webauthn/authenticate/options')?.body).toEqual({ rp_id: 'example.com' });
  });

  it.each([
    ['is refused', () => Promise.reject(new DOMException('no', 'NotAllowedError')), 'webauthn_cancelled'],
    ['is aborted', () => Promise.reject(new DOMException('no', 'AbortError')), 'webauthn_cancelled'],
    ['finds nothing', () => Promise.resolve(null), 'webauthn_cancelled'],
    ['breaks', () => Promise.reject(new DOMException('no', 'SecurityError')), 'webauthn_failed'],
  ])('that %s signs nobody in', async (_, get, code) => {
    const { passkey, session } = open({ get });
    await expect(passkey.authenticate()).rejects.toMatchObject({ name: 'GatehouseSdkError', code });
    expect(session.getState().status).toBe('anonymous');
  });

  it('is unsupported without the browser’s API, and nothing is asked', async () => {
    const { passkey } = open(undefined);
    await expect(passkey.authenticate()).rejects.toMatchObject({ code: 'webauthn_unsupported' });
    await expect(passkey.supportsAutofill()).resolves.toBe(false);
    expect(server.calls).toEqual([]);
  });

  it('cancels the prompt of autofill that is still waiting', async () => {
    const waiting = Promise.withResolvers<void>();
    const get = (options: { mediation?: string; signal: AbortSignal }) => {
      if (options.mediation !== 'conditional') return Promise.resolve(assertion);
      waiting.resolve();
      return waitForAbort(options);
    };
    const { passkey } = open({ get });
    const autofill = passkey.authenticate({ mediation: 'conditional' }).catch((error: unknown) => error);
    await waiting.promise;
    await expect(passkey.authenticate()).resolves.toMatchObject({ status: 'authenticated' });
    expect(await autofill).toMatchObject({ code: 'webauthn_cancelled' });
  });

  it('waiting in autofill ends when the client is closed', async () => {
    const waiting = Promise.withResolvers<void>();
    const get = (options: { signal: AbortSignal }) => {
      waiting.resolve();
      return waitForAbort(options);
    };
    const opened = open({ get });
    const autofill = opened.passkey.authenticate({ mediation: 'conditional' }).catch((error: unknown) => error);
    await waiting.promise;
    opened.close();
    expect(await autofill).toMatchObject({ code: 'webauthn_cancelled' });
  });

  it.each([
    [true, async () => true],
    [false, async () => false],
    [false, async () => Promise.reject(new Error('no'))],
    [false, undefined],
  ])('in autofill is supported: %s', async (expected, isConditionalMediationAvailable) => {
    await expect(open({}, { isConditionalMediationAvailable }).passkey.supportsAutofill()).resolves.toBe(expected);
  });
});

describe('the user’s passkeys', () => {
  it('are registered with a name, and the user is loaded again', async () => {
    const { email, passkey } = open({ create: async () => attestation });
    await email.verify({ email: 'ada@example.com', code: '123456' });
    await expect(passkey.register({ name: 'Laptop' })).resolves.toMatchObject({ user_id: 'user-1' });
    expect(callTo('/webauthn/register/verify')?.body).toMatchObject({
      request_id: 'request-1',
      name: 'Laptop',
      credential: { response: { attestationObject: 'BA', transports: ['internal'] } },
    });
    expect(server.count('/me')).toBe(2);
  });

  it('are deleted by id', async () => {
    const { email, passkey } = open({});
    await email.verify({ email: 'ada@example.com', code: '123456' });
    await passkey.remove('credential-1');
    expect(server.count('/webauthn/credentials/credential-1')).toBe(1);
  });

  it('cannot be registered by nobody', async () => {
    const { passkey } = open({ create: async () => attestation });
    await expect(passkey.register()).rejects.toMatchObject({ code: 'missing_session' });
    expect(server.calls).toEqual([]);
  });
});
