import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';

/** A sealed value that no key at hand opens: another master secret, another purpose, or a changed byte. */
export class UnreadableSecret extends Error {
  override name = 'UnreadableSecret';
}

/** Everything that needs the master secret goes through here; the secret itself is never handed out. */
export interface Vault {
  /** Seals `plain` for `purpose`; only the same purpose opens it again. */
  seal(purpose: string, plain: string): string;
  /** Opens what `seal` made, also under a previous master secret. Throws UnreadableSecret. */
  open(purpose: string, sealed: string): string;
  /** Keyed hash of `text`, base64url, under a key of its own for each `purpose`. */
  mac(purpose: string, text: string): string;
  /** The same under every previous master secret, newest first. */
  previousMacs(purpose: string, text: string): string[];
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A key object, not its bytes: `node:crypto` takes five times as long to begin with bytes. */
function derive(secret: string, label: string): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', secret, 'gatehouse', label, 32)));
}

function encrypt(key: KeyObject, plain: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, body, cipher.getAuthTag()]).toString('base64url');
}

function decrypt(key: KeyObject, sealed: string): string | null {
  const bytes = Buffer.from(sealed, 'base64url');
  if (bytes.length < NONCE_BYTES + TAG_BYTES) return null;
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    const body = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES));
    return Buffer.concat([body, decipher.final()]).toString('utf8');
  } catch {
    return null;
  }
}

/** A vault on `secret`; values sealed under one of `previous` still open, so that the secret can be changed. */
export function createVault(secret: string, previous: readonly string[] = []): Vault {
  const keys = new Map<string, KeyObject>();
  const keyOf = (master: string, label: string): KeyObject => {
    const name = `${master}\0${label}`;
    const known = keys.get(name) ?? derive(master, label);
    keys.set(name, known);
    return known;
  };
  const mac = (master: string, purpose: string, text: string): string =>
    createHmac('sha256', keyOf(master, `mac:${purpose}`))
      .update(text)
      .digest('base64url');
  return {
    seal: (purpose, plain) => encrypt(keyOf(secret, `seal:${purpose}`), plain),
    open(purpose, sealed) {
      for (const master of [secret, ...previous]) {
        const plain = decrypt(keyOf(master, `seal:${purpose}`), sealed);
        if (plain !== null) return plain;
      }
      throw new UnreadableSecret(`a stored secret for ${purpose} does not open with the present GATEHOUSE_SECRET`);
    },
    mac: (purpose, text) => mac(secret, purpose, text),
    previousMacs: (purpose, text) => previous.map((master) => mac(master, purpose, text)),
  };
}

/** Seals `plain` under `key`, a secret only a caller holds: the database alone cannot reveal it. */
export function sealWithSecret(key: string, purpose: string, plain: string): string {
  return encrypt(derive(key, `secret:${purpose}`), plain);
}

/** Opens what `sealWithSecret` made; null when `key` is not the one. */
export function openWithSecret(key: string, purpose: string, sealed: string): string | null {
  return decrypt(derive(key, `secret:${purpose}`), sealed);
}
