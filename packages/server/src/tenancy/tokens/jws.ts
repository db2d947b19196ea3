import { createHmac, sign, timingSafeEqual, verify } from 'node:crypto';
import type { Algorithm, SigningKey } from '../signing-keys/index.ts';
import { derFromFixed, fixedFromDer } from './ecdsa-signature.ts';

/** The header of a compact JWS, as far as it concerns us. */
export interface JwsHeader {
  alg: string;
  kid: string;
  typ: string;
}

/** A compact JWS taken apart, not yet verified: nothing in it may be believed. */
export interface ParsedJws {
  header: JwsHeader;
  signedPart: string;
  payload: string;
  signature: string;
}

const LONGEST = 8192;
const SEGMENT = /^[A-Za-z0-9_-]+$/;
/** P-256 signatures are two fixed-length numbers in a JWS (RFC 7518 §3.4), not DER. */
const SIGNATURE_BYTES: Partial<Record<Algorithm, number>> = { ES256: 64, EdDSA: 64, HS256: 32 };

function digestOf(algorithm: Algorithm): 'sha256' | null {
  return algorithm === 'EdDSA' ? null : 'sha256';
}

const encodedHeaders = new WeakMap<SigningKey, Map<string, string>>();

/** The header is the same for every token of a key and kind: encoded once. */
function encodedHeader(key: SigningKey, typ: string): string {
  const ofKey = encodedHeaders.get(key) ?? new Map<string, string>();
  encodedHeaders.set(key, ofKey);
  const known = ofKey.get(typ);
  if (known) return known;
  const header = Buffer.from(JSON.stringify({ alg: key.algorithm, kid: key.kid, typ })).toString('base64url');
  ofKey.set(typ, header);
  return header;
}

function signatureOf(key: SigningKey, signedPart: string): Buffer {
  if (key.algorithm === 'HS256') return createHmac('sha256', key.privateKey).update(signedPart).digest();
  const signature = sign(digestOf(key.algorithm), Buffer.from(signedPart), key.privateKey);
  return key.algorithm === 'ES256' ? fixedFromDer(signature) : signature;
}

/** Signs `payload` as a compact JWS (RFC 7515 §3.1) of media type `typ`. */
export function signJws(key: SigningKey, typ: string, payload: object): string {
  const signedPart = `${encodedHeader(key, typ)}.${Buffer.from(JSON.stringify(payload)).toString('base64url')}`;
  return `${signedPart}.${signatureOf(key, signedPart).toString('base64url')}`;
}

function readHeader(segment: string): JwsHeader | null {
  try {
    const header: unknown = JSON.parse(Buffer.from(segment, 'base64url').toString('utf8'));
    if (typeof header !== 'object' || header === null) return null;
    const { alg, kid, typ, crit, b64 } = header as Record<string, unknown>;
    // An extension we do not understand must not be ignored (RFC 7515 §4.1.11), and we understand none.
    if (crit !== undefined || b64 !== undefined) return null;
    if (typeof alg !== 'string' || typeof kid !== 'string' || typeof typ !== 'string') return null;
    return { alg, kid, typ };
  } catch {
    return null;
  }
}

/** Takes a compact JWS apart; null when it is not one in canonical base64url, or carries a header we refuse. */
export function parseJws(token: string): ParsedJws | null {
  if (token.length > LONGEST) return null;
  const [head, payload, signature, ...rest] = token.split('.');
  if (!head || !payload || !signature || rest.length > 0) return null;
  if (![head, payload, signature].every((segment) => SEGMENT.test(segment))) return null;
  const header = readHeader(head);
  return header && { header, signedPart: `${head}.${payload}`, payload, signature };
}

/** Whether `jws` was signed by `key`. The algorithm is the key's own; the header may only agree with it (RFC 8725 §3.1). */
export function verifyJws(jws: ParsedJws, key: SigningKey): boolean {
  if (jws.header.alg !== key.algorithm) return false;
  const signature = Buffer.from(jws.signature, 'base64url');
  const expected = SIGNATURE_BYTES[key.algorithm];
  if (expected !== undefined && signature.length !== expected) return false;
  // Base64url has several spellings of the same last byte; only the canonical one is a token of ours.
  if (signature.toString('base64url') !== jws.signature) return false;
  if (key.algorithm === 'HS256') return timingSafeEqual(signature, signatureOf(key, jws.signedPart));
  const presented = key.algorithm === 'ES256' ? derFromFixed(signature) : signature;
  return verify(digestOf(key.algorithm), Buffer.from(jws.signedPart), key.publicKey, presented);
}
