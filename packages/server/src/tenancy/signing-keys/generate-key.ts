import { createHash, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { Algorithm, PublicJwk } from './signing-key.ts';

/** The members that make the thumbprint of each key type, in lexicographic order (RFC 7638 §3.2, RFC 8037 §2). */
const THUMBPRINT_MEMBERS: Record<Algorithm, string[]> = {
  ES256: ['crv', 'kty', 'x', 'y'],
  EdDSA: ['crv', 'kty', 'x'],
  RS256: ['e', 'kty', 'n'],
};

function generatePair(algorithm: Algorithm): KeyObject {
  if (algorithm === 'ES256') return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  if (algorithm === 'EdDSA') return generateKeyPairSync('ed25519').privateKey;
  return generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
}

/** A new key pair; its `kid` is the JWK thumbprint, so that it names the key and nothing else. */
export function generateKey(algorithm: Algorithm): { kid: string; publicJwk: PublicJwk; privateKey: KeyObject } {
  const privateKey = generatePair(algorithm);
  const members = createPublicKey(privateKey).export({ format: 'jwk' }) as PublicJwk;
  const canonical = JSON.stringify(
    Object.fromEntries(THUMBPRINT_MEMBERS[algorithm].map((name) => [name, members[name]])),
  );
  const kid = createHash('sha256').update(canonical).digest('base64url');
  return { kid, publicJwk: { kid, use: 'sig', alg: algorithm, ...members }, privateKey };
}
