import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { type Cbor, encodeCbor } from './cbor.ts';

type Algorithm = 'ES256' | 'EdDSA' | 'RS256';

/** What an authenticator or a browser could say other than it should. */
export interface Twist {
  origin?: string;
  type?: string;
  challenge?: string;
  rpId?: string;
  counter?: number;
  userPresent?: boolean;
  userVerified?: boolean;
  backupEligible?: boolean;
  backedUp?: boolean;
  /** Further flag bits to set. */
  flags?: number;
  userHandle?: string | null;
  /** Further members of the client data. */
  clientData?: Record<string, unknown>;
  /** Changes the client data text before it is signed. */
  rewriteClientData?: (json: string) => string;
  rewriteSignature?: (signature: Buffer) => Buffer;
  coseKey?: Cbor;
  attestation?: { fmt: string; attStmt: Map<string, Cbor> };
  /** Attests with the passkey's own key (WebAuthn Level 3 §8.2, self attestation). */
  selfAttested?: boolean;
  credentialId?: Buffer;
}

interface RegistrationOptions {
  challenge: string;
  rp: { id: string };
  user: { id: string };
}

const COSE_ALGORITHM = { ES256: -7, EdDSA: -8, RS256: -257 };

function generate(algorithm: Algorithm, modulusLength: number) {
  if (algorithm === 'ES256') return generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return algorithm === 'EdDSA' ? generateKeyPairSync('ed25519') : generateKeyPairSync('rsa', { modulusLength });
}

function bytes(text: string | undefined): Buffer {
  return Buffer.from(text ?? '', 'base64url');
}

/** The public key as a COSE map (RFC 9053 §7). */
export function coseKeyOf(algorithm: Algorithm, publicKey: KeyObject): Cbor {
  const jwk = publicKey.export({ format: 'jwk' });
  const alg = COSE_ALGORITHM[algorithm];
  if (algorithm === 'ES256')
    return new Map<number, Cbor>([
      [1, 2],
      [3, alg],
      [-1, 1],
      [-2, bytes(jwk.x)],
      [-3, bytes(jwk.y)],
    ]);
  if (algorithm === 'EdDSA')
    return new Map<number, Cbor>([
      [1, 1],
      [3, alg],
      [-1, 6],
      [-2, bytes(jwk.x)],
    ]);
  return new Map<number, Cbor>([
    [1, 3],
    [3, alg],
    [-1, bytes(jwk.n)],
    [-2, bytes(jwk.e)],
  ]);
}

function flagsOf(twist: Twist, attested: boolean): number {
  const bits: [number, boolean][] = [
    [0x01, twist.userPresent ?? true],
    [0x04, twist.userVerified ?? true],
    [0x08, twist.backupEligible ?? false],
    [0x10, twist.backedUp ?? false],
    [0x40, attested],
  ];
  return bits.reduce((flags, [bit, on]) => (on ? flags | bit : flags), twist.flags ?? 0);
}

function authDataOf(facts: { rpId: string; counter: number }, twist: Twist, attested: Buffer | null): Buffer {
  const count = Buffer.alloc(4);
  count.writeUInt32BE(twist.counter ?? facts.counter);
  const rpIdHash = createHash('sha256')
    .update(twist.rpId ?? facts.rpId)
    .digest();
  const flags = Buffer.from([flagsOf(twist, attested !== null)]);
  return Buffer.concat([rpIdHash, flags, count, attested ?? Buffer.alloc(0)]);
}

function clientDataOf(facts: { type: string; challenge: string; origin: string }, twist: Twist): Buffer {
  const { type, challenge, origin } = { ...facts, ...twist };
  const json = JSON.stringify({ type, challenge, origin, crossOrigin: false, ...twist.clientData });
  return Buffer.from(twist.rewriteClientData?.(json) ?? json);
}

function attestationOf(authData: Buffer, twist: Twist, selfSignature: Buffer): Buffer {
  const statement: [string, Cbor][] = twist.selfAttested
    ? [
        ['alg', -7],
        ['sig', selfSignature],
      ]
    : [];
  const own = { fmt: twist.selfAttested ? 'packed' : 'none', attStmt: new Map(statement) };
  const { fmt, attStmt } = twist.attestation ?? own;
  const parts: [string, Cbor][] = [
    ['fmt', fmt],
    ['attStmt', attStmt],
    ['authData', authData],
  ];
  return encodeCbor(new Map(parts));
}

/** A passkey in software: registers once, signs in as often as asked, and lies as told. */
// long: the two answers of one key
export function createAuthenticator(origin: string, options: { algorithm?: Algorithm; modulusLength?: number } = {}) {
  const { algorithm = 'ES256', modulusLength = 2048 } = options;
  const { publicKey, privateKey } = generate(algorithm, modulusLength);
  const ownId = randomBytes(32);
  const owner = { userHandle: '' };
  let counter = 0;
  const answer = <R>(id: Buffer, response: R) => ({
    id: id.toString('base64url'),
    rawId: id.toString('base64url'),
    type: 'public-key' as const,
    clientExtensionResults: {},
    response,
  });
  return {
    credentialId: ownId.toString('base64url'),
    /** Answers navigator.credentials.create(). */
    register({ challenge, rp, user }: RegistrationOptions, twist: Twist = {}) {
      owner.userHandle = user.id;
      const id = twist.credentialId ?? ownId;
      const length = Buffer.alloc(2);
      length.writeUInt16BE(id.length);
      const cose = encodeCbor(twist.coseKey ?? coseKeyOf(algorithm, publicKey));
      const attested = Buffer.concat([Buffer.alloc(16), length, id, cose]);
      const client = clientDataOf({ type: 'webauthn.create', challenge, origin }, twist);
      const authData = authDataOf({ rpId: rp.id, counter }, twist, attested);
      const signed = Buffer.concat([authData, createHash('sha256').update(client).digest()]);
      const selfSignature = sign(algorithm === 'EdDSA' ? null : 'sha256', signed, privateKey);
      return answer(id, {
        clientDataJSON: client.toString('base64url'),
        attestationObject: attestationOf(authData, twist, selfSignature).toString('base64url'),
        transports: ['internal'],
      });
    },
    /** Answers navigator.credentials.get(). */
    authenticate({ challenge, rpId }: { challenge: string; rpId: string }, twist: Twist = {}) {
      counter++;
      const data = authDataOf({ rpId, counter }, twist, null);
      const client = clientDataOf({ type: 'webauthn.get', challenge, origin }, twist);
      const signed = Buffer.concat([data, createHash('sha256').update(client).digest()]);
      const signature = sign(algorithm === 'EdDSA' ? null : 'sha256', signed, privateKey);
      return answer(ownId, {
        clientDataJSON: client.toString('base64url'),
        authenticatorData: data.toString('base64url'),
        signature: (twist.rewriteSignature?.(signature) ?? signature).toString('base64url'),
        userHandle: twist.userHandle === undefined ? owner.userHandle : twist.userHandle,
      });
    },
  };
}

export type Authenticator = ReturnType<typeof createAuthenticator>;
