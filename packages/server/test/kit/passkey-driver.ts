import { type Authenticator, createAuthenticator, type Twist } from './authenticator.ts';
import type { Answer, TestServer } from './test-server.ts';

/** Drives whole ceremonies on the direct paths, as a page on the issuer's own origin would. */
export function createPasskeyDriver(server: Pick<TestServer, 'url' | 'ask'>) {
  const headers = { origin: server.url };
  const post = (path: string, body: unknown, token?: string) =>
    server.ask(path, { method: 'POST', body, headers, ...(token !== undefined && { token }) });
  return {
    authenticator: (options?: Parameters<typeof createAuthenticator>[1]) => createAuthenticator(server.url, options),
    registerOptions: (token: string) => post('/webauthn/register/options', {}, token),
    /** A registration from options to answer. */
    async register(token: string, authenticator: Authenticator, twist?: Twist): Promise<Answer> {
      const options = (await post('/webauthn/register/options', {}, token)).body;
      const credential = authenticator.register(options.publicKey, twist);
      return post('/webauthn/register/verify', { request_id: options.request_id, credential }, token);
    },
    authenticateOptions: () => post('/webauthn/authenticate/options', {}),
    verify: (requestId: string, credential: unknown) =>
      post('/webauthn/authenticate/verify', { request_id: requestId, credential }),
    /** A sign-in from options to answer. */
    async authenticate(authenticator: Authenticator, twist?: Twist): Promise<Answer> {
      const options = (await post('/webauthn/authenticate/options', {})).body;
      const credential = authenticator.authenticate(options.publicKey, twist);
      return post('/webauthn/authenticate/verify', { request_id: options.request_id, credential });
    },
  };
}

export type PasskeyDriver = ReturnType<typeof createPasskeyDriver>;
