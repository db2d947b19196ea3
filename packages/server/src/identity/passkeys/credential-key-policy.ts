import { createPublicKey } from 'node:crypto';

/** A COSE key (RFC 9052 §7) as a map of its labels. */
export type CoseKey = ReadonlyMap<number, unknown>;

const KTY = 1;
const ALG = 3;
const CRV_OR_N = -1;
const X_OR_E = -2;
const Y = -3;

/** COSE algorithms offered at registration: EdDSA, ES256, RS256. */
export const ALGORITHMS = [-8, -7, -257];

/** y-coordinates of the Ed25519 points of small order: a key of such a point accepts signatures that nobody made. */
const SMALL_ORDER = new Set([
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
]);

const SMALLEST_RSA_BYTES = 256;

function bytes(key: CoseKey, label: number): Buffer | null {
  const value = key.get(label);
  return value instanceof Uint8Array ? Buffer.from(value) : null;
}

function isOnCurve(x: Buffer, y: Buffer): boolean {
  const jwk = { kty: 'EC', crv: 'P-256', x: x.toString('base64url'), y: y.toString('base64url') };
  try {
    createPublicKey({ key: jwk, format: 'jwk' });
    return true;
  } catch {
    return false;
  }
}

function judgeEdwards(key: CoseKey): string | null {
  const x = bytes(key, X_OR_E);
  if (key.get(KTY) !== 1 || key.get(CRV_OR_N) !== 6 || x?.length !== 32) return 'not an Ed25519 key';
  const y = Buffer.from(x);
  y[31] = (y[31] ?? 0) & 0x7f;
  return SMALL_ORDER.has(y.toString('hex')) ? 'a key of small order' : null;
}

function judgeElliptic(key: CoseKey): string | null {
  const x = bytes(key, X_OR_E);
  const y = bytes(key, Y);
  const shaped = key.get(KTY) === 2 && key.get(CRV_OR_N) === 1 && x?.length === 32 && y?.length === 32;
  if (!shaped || !x || !y) return 'not a P-256 key';
  return isOnCurve(x, y) ? null : 'a point that is not on the curve';
}

function judgeRsa(key: CoseKey): string | null {
  const n = bytes(key, CRV_OR_N);
  if (key.get(KTY) !== 3 || !n) return 'not an RSA key';
  return n.length < SMALLEST_RSA_BYTES ? 'an RSA key of less than 2048 bits' : null;
}

/** Whether a public key is strong enough to keep: the reason for a refusal, or null. */
export function judgeCredentialKey(key: CoseKey): string | null {
  const algorithm = key.get(ALG);
  if (algorithm === -8) return judgeEdwards(key);
  if (algorithm === -7) return judgeElliptic(key);
  return algorithm === -257 ? judgeRsa(key) : 'an algorithm that was not offered';
}

const DER_SEQUENCE = 0x30;

/** A P-256 signature is exactly one DER sequence (WebAuthn Level 3 §6.5.5): the reason for refusing another form, or null. */
export function judgeSignature(key: CoseKey, signature: Buffer): string | null {
  if (key.get(ALG) !== -7) return null;
  const isOneSequence = signature[0] === DER_SEQUENCE && signature[1] === signature.length - 2;
  return isOneSequence ? null : 'a signature that is not one DER sequence';
}
