import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CryptoKey, JWK, JWTPayload } from 'jose';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

type SigningKey = { readonly kid: string; readonly alg: string; readonly privateKey: CryptoKey; readonly jwk: JWK };

/** What a test may change about a token. `undefined` as a claim removes it. */
export type TokenChanges = {
  readonly header?: Record<string, unknown>;
  readonly claims?: Record<string, unknown>;
  readonly key?: SigningKey;
};

/** Creates a key pair as an issuer would publish it. */
export async function createSigningKey(alg = 'ES256'): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const kid = randomUUID();
  return { kid, alg, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
}

/** Starts a real key server on a free port, with one ES256 key, that signs tokens of the documented shape. */
export async function startLocalIssuer() {
  const signingKey = await createSigningKey();
  const state = { published: [signingKey.jwk], isDown: false, requests: 0 };
  const server = createServer((request, response) => {
    state.requests += 1;
    if (state.isDown) return void response.writeHead(503).end();
    const isKeys = request.url === '/.well-known/jwks.json' || request.url === '/jwks';
    response.writeHead(isKeys ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ keys: state.published }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function signToken({ header, claims, key = signingKey }: TokenChanges = {}): Promise<string> {
    const payload: JWTPayload = { ...claimsOf(issuer), ...claims };
    return new SignJWT(payload)
      .setProtectedHeader({ alg: key.alg, kid: key.kid, typ: 'at+jwt', ...header })
      .sign(key.privateKey);
  }

  return {
    issuer,
    state,
    signingKey,
    signToken,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function claimsOf(issuer: string): JWTPayload {
  const issuedAt = Math.floor(Date.now() / 1000);
  return {
    iss: issuer,
    sub: 'user-1',
    aud: 'client-1',
    exp: issuedAt + 900,
    iat: issuedAt,
    jti: randomUUID(),
    sid: 'session-1',
    client_id: 'client-1',
    amr: ['email_otp'],
    acr: 'aal1',
    auth_time: issuedAt,
    email: 'ada@example.com',
    email_verified: true,
    role: 'user',
    roles: ['user'],
    scope: 'openid orders:read',
    scopes: ['openid', 'orders:read'],
    token_use: 'access',
  };
}
