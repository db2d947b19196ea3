import {
  createHash,
  createPublicKey,
  createSecretKey,
  generateKeyPair,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';
import { promisify } from 'node:util';
import { randomSecret } from '../../platform/secrets/index.ts';
import type { Algorithm, PublicJwk } from './signing-key.ts';

/** A new key; `publicJwk` is empty for a shared secret, which has no public half. */
export interface NewKey {
  kid: string;
  algorithm: Algorithm;
  publicJwk: PublicJwk;
  /** The private half as it is sealed: PKCS #8 PEM, or the text of a shared secret. */
  privateText: string;
}

/** The members that make the thumbprint of each key type, in lexicographic order (RFC 7638 §3.2, RFC 8037 §2). */
const THUMBPRINT_MEMBERS = {
  ES256: ['crv', 'kty', 'x', 'y'],
  EdDSA: ['crv', 'kty', 'x'],
  RS256: ['e', 'kty', 'n'],
} as const satisfies Record<Exclude<Algorithm, 'HS256'>, string[]>;

/** Its `kid` is the JWK thumbprint, so that it names the key and nothing else. */
function describePair(algorithm: Exclude<Algorithm, 'HS256'>, privateKey: KeyObject): NewKey {
  const members = createPublicKey(privateKey).export({ format: 'jwk' }) as PublicJwk;
  const canonical = JSON.stringify(
    Object.fromEntries(THUMBPRINT_MEMBERS[algorithm].map((name) => [name, members[name]])),
  );
  const kid = createHash('sha256').update(canonical).digest('base64url');
  const privateText = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  return { kid, algorithm, publicJwk: { kid, use: 'sig', alg: algorithm, ...members }, privateText };
}

/** A new key, made on the spot. RSA takes a tenth of a second: see `generateKeys`. */
export function generateKey(algorithm: 'ES256' | 'EdDSA' | 'HS256'): NewKey {
  // A thumbprint of a secret would be a hash to guess against (RFC 7638 §7): the kid is random.
  if (algorithm === 'HS256') {
    return { kid: randomSecret(), algorithm, publicJwk: {}, privateText: randomSecret() };
  }
  const pair =
    algorithm === 'ES256' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('ed25519');
  return describePair(algorithm, pair.privateKey);
}

/** Two new keys, one for each slot, made before a transaction begins: RSA keys are slow to find. */
export async function generateKeys(algorithm: Algorithm): Promise<[NewKey, NewKey]> {
  if (algorithm !== 'RS256') return [generateKey(algorithm), generateKey(algorithm)];
  const generate = promisify(generateKeyPair);
  const pairs = await Promise.all([generate('rsa', { modulusLength: 2048 }), generate('rsa', { modulusLength: 2048 })]);
  return [describePair('RS256', pairs[0].privateKey), describePair('RS256', pairs[1].privateKey)];
}

/** The secret half of a key of HS256. */
export function secretKeyOf(text: string): KeyObject {
  return createSecretKey(Buffer.from(text, 'utf8'));
}
