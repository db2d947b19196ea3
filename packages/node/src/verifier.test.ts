import { createHmac } from 'node:crypto';
import type { CryptoKey } from 'jose';
import { createRemoteJWKSet, exportSPKI, importJWK, jwtVerify } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSigningKey, startLocalIssuer } from '../test/local-issuer.ts';
import { createVerifier } from './verifier.ts';

let local: Awaited<ReturnType<typeof startLocalIssuer>>;
beforeEach(async () => {
  local = await startLocalIssuer();
});
afterEach(() => local.close());

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

function verifier(options: Partial<Parameters<typeof createVerifier>[0]> = {}) {
  return createVerifier({ issuer: local.issuer, audience: 'client-1', clientId: 'client-1', ...options });
}

async function forge(header: Record<string, unknown>, sign: (input: string) => string): Promise<string> {
  const [, payload] = (await local.signToken()).split('.');
  const input = `${encode(header)}.${payload}`;
  return `${input}.${sign(input)}`;
}

describe('an accepted token', () => {
  it('tells who sent it', async () => {
    const authData = await verifier().verify(await local.signToken({ claims: { org_id: 'org-1' } }));
    expect(authData).toMatchObject({
      type: 'jwt',
      userId: 'user-1',
      serviceAccountId: undefined,
      email: 'ada@example.com',
      domainId: 'client-1',
      clientId: 'client-1',
      orgId: 'org-1',
      sessionId: 'session-1',
      scopes: ['openid', 'orders:read'],
      roles: ['user'],
    });
    expect(authData.claims.amr).toEqual(['email_otp']);
  });

  it('of a program names the service account and no user', async () => {
    const claims = { token_use: 'client_credentials', sub: 'program-1', email: undefined, scopes: undefined };
    const authData = await verifier().verify(await local.signToken({ claims }));
    expect(authData).toMatchObject({
      userId: undefined,
      serviceAccountId: 'program-1',
      scopes: ['openid', 'orders:read'],
    });
  });

  it('cannot be changed by the code that reads it', async () => {
    const { claims, scopes } = await verifier().verify(await local.signToken());
    expect(() => (scopes as string[]).push('admin')).toThrow(TypeError);
    expect(() => (claims.amr as string[]).push('webauthn')).toThrow(TypeError);
  });

  it.each(['RS256', 'EdDSA'])('may be signed with %s', async (alg) => {
    const key = await createSigningKey(alg);
    local.state.published.push(key.jwk);
    await expect(verifier().verify(await local.signToken({ key }))).resolves.toMatchObject({ userId: 'user-1' });
  });

  it('also passes the plain jose recipe against /jwks', async () => {
    const keySet = createRemoteJWKSet(new URL('/jwks', local.issuer));
    const { payload } = await jwtVerify(await local.signToken(), keySet, { issuer: local.issuer });
    expect(payload.sub).toBe('user-1');
  });

  it('is accepted within the clock tolerance after its expiry and not beyond', async () => {
    let now = Date.now();
    const exp = Math.floor(now / 1000) + 60;
    const token = await local.signToken({ claims: { exp } });
    const checked = verifier({ now: () => now });
    await checked.verify(token);
    now = (exp + 4) * 1000;
    await expect(checked.verify(token)).resolves.toMatchObject({ userId: 'user-1' });
    now = (exp + 6) * 1000;
    await expect(checked.verify(token)).rejects.toMatchObject({ code: 'token_expired' });
  });
});

describe('a forged token', () => {
  // T-050
  it('signed with HS256 and the public key as its secret is refused', async () => {
    const { kid, jwk } = local.signingKey;
    const key = await importJWK(jwk, 'ES256', { extractable: true });
    const pem = await exportSPKI(key as CryptoKey);
    const der = Buffer.from(pem.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64');
    for (const secret of [pem, pem.trim(), JSON.stringify(jwk), der]) {
      const sign = (input: string) => createHmac('sha256', secret).update(input).digest('base64url');
      const token = await forge({ alg: 'HS256', kid, typ: 'at+jwt' }, sign);
      await expect(verifier().verify(token)).rejects.toMatchObject({ code: 'token_signature_invalid' });
    }
  });

  // T-051
  it.each(['none', 'None', 'nOnE', '', undefined])('with the algorithm %j is refused', async (alg) => {
    const token = await forge({ alg, kid: local.signingKey.kid, typ: 'at+jwt' }, () => '');
    await expect(verifier().verify(token)).rejects.toMatchObject({ name: 'TokenError' });
  });

  // T-051
  it.each([
    ['empty', ''],
    ['all zero', Buffer.alloc(64).toString('base64url')],
  ])('with an %s ES256 signature is refused', async (_, signature) => {
    const token = await forge({ alg: 'ES256', kid: local.signingKey.kid, typ: 'at+jwt' }, () => signature);
    await expect(verifier().verify(token)).rejects.toMatchObject({ code: 'token_signature_invalid' });
  });

  // T-052
  it.each(['../../etc/passwd', "' or 1=1 --", 'http://127.0.0.1:1/keys', 'x'.repeat(10_000)])(
    'with the key id %.20s is refused and only the configured key address is asked',
    async (kid) => {
      await expect(verifier().verify(await local.signToken({ header: { kid } }))).rejects.toMatchObject({
        code: 'token_signature_invalid',
      });
      expect(local.state.requests).toBe(1);
    },
  );

  // T-053
  it('that brings its own key or key address is refused', async () => {
    const key = await createSigningKey();
    const other = await startLocalIssuer();
    const headers = [{ jwk: key.jwk }, { jku: `${other.issuer}/jwks` }, { x5u: `${other.issuer}/jwks` }];
    for (const header of headers) {
      const token = await local.signToken({ key, header: { kid: local.signingKey.kid, ...header } });
      await expect(verifier().verify(token)).rejects.toMatchObject({ code: 'token_signature_invalid' });
    }
    expect(other.state.requests).toBe(0);
    await other.close();
  });

  // T-053
  it('with an unknown critical header or the shape of an encrypted token is refused', async () => {
    const critical = await forge({ alg: 'ES256', typ: 'at+jwt', crit: ['x'], x: 1 }, () => 'AA');
    await expect(verifier().verify(critical)).rejects.toMatchObject({ name: 'TokenError' });
    const encrypted = `${encode({ alg: 'PBES2-HS256+A128KW', enc: 'A128GCM', p2c: 1e9 })}.a.b.c.d`;
    await expect(verifier().verify(encrypted)).rejects.toMatchObject({ code: 'token_malformed' });
  });

  it('that differs from a good one in a single character is refused, even after the good one was cached', async () => {
    const token = await local.signToken();
    const checked = verifier();
    await checked.verify(token);
    const middle = token.indexOf('.') + 20;
    const tampered = token.slice(0, middle) + (token[middle] === 'A' ? 'B' : 'A') + token.slice(middle + 1);
    await expect(checked.verify(tampered)).rejects.toMatchObject({ name: 'TokenError' });
  });

  it.each(['', undefined, null])('of the value %j is missing', async (token) => {
    await expect(verifier().verify(token as string)).rejects.toMatchObject({ code: 'token_missing' });
  });

  it.each(['abc', 'a.b', 'a.b.c', '..', `${'a'.repeat(20_000)}.b.c`, 'a.b.c.d.e'])(
    'of the form %.10s is malformed',
    async (token) => {
      await expect(verifier().verify(token)).rejects.toMatchObject({ code: 'token_malformed' });
      expect(local.state.requests).toBe(0);
    },
  );
});

describe('a token meant for something else', () => {
  it.each(['JWT', 'ephemeral+jwt', 'dpop+jwt', undefined])('of the type %s is refused', async (typ) => {
    const token = await local.signToken({ header: { typ } });
    await expect(verifier().verify(token)).rejects.toMatchObject({ code: 'token_claims_invalid' });
  });

  // T-054
  it.each([
    ['another audience', { aud: 'client-2' }, 'token_claims_invalid'],
    ['an audience that only contains ours as text', { aud: ['client-1x', 'xclient-1'] }, 'token_claims_invalid'],
    ['no audience', { aud: undefined }, 'token_claims_invalid'],
    ['another client', { client_id: 'client-2' }, 'token_claims_invalid'],
    ['another use', { token_use: 'id' }, 'token_claims_invalid'],
    ['no use', { token_use: undefined }, 'token_claims_invalid'],
    ['no subject', { sub: undefined }, 'token_claims_invalid'],
    ['no expiry', { exp: undefined }, 'token_claims_invalid'],
    ['an expiry that is text', { exp: '9999999999' }, 'token_claims_invalid'],
    ['an expiry in the past', { exp: 1 }, 'token_expired'],
    ['a negative expiry', { exp: -1 }, 'token_expired'],
    ['a start in the far future', { nbf: 9_999_999_999 }, 'token_claims_invalid'],
  ])('with %s is refused', async (_, claims, code) => {
    const token = await local.signToken({ claims });
    await expect(verifier().verify(token)).rejects.toMatchObject({ code });
  });

  // T-054
  it.each(['/', '.', ' '])('from an issuer that differs by a trailing %j is refused', async (suffix) => {
    const token = await local.signToken({ claims: { iss: local.issuer + suffix } });
    await expect(verifier().verify(token)).rejects.toMatchObject({ code: 'token_claims_invalid' });
  });
});

describe('verified tokens', () => {
  it('are remembered, at most as many as configured, the least recently used leaving first', async () => {
    let verifications = 0;
    const now = () => {
      verifications += 1;
      return Date.now();
    };
    const checked = verifier({ maxCacheEntries: 2, now });
    const [first = '', second = '', third = ''] = await Promise.all([1, 2, 3].map(() => local.signToken()));
    const costOf = async (token: string) => {
      const before = verifications;
      await checked.verify(token);
      return verifications - before;
    };
    await checked.verify(first);
    const miss = await costOf(second);
    const hit = await costOf(first);
    expect(hit).toBeLessThan(miss);
    await checked.verify(third);
    expect(await costOf(first)).toBe(hit);
    expect(await costOf(second)).toBe(miss);
  });

  it('are forgotten when the verifier is closed', async () => {
    const checked = verifier();
    const token = await local.signToken();
    const before = await checked.verify(token);
    expect(await checked.verify(token)).toBe(before);
    checked.close();
    expect(await checked.verify(token)).not.toBe(before);
  });
});

it('a verifier needs an issuer that is a URL', () => {
  expect(() => createVerifier({ issuer: 'auth.example.com' })).toThrow(TypeError);
});
