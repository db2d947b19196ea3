import {
  callerSecret,
  hashSecret,
  parseCallerSecret,
  randomSecret,
  sameSecret,
  type Vault,
} from '../../platform/secrets/index.ts';

const KIND = 'rt';
const RANDOM_LENGTH = 43;
const TAG_LENGTH = 22;
const PURPOSE = 'refresh-token';

/** A refresh token in clear, on its way to its holder. */
export interface RefreshToken {
  token: string;
  hash: string;
}

function tagOf(mac: string): string {
  return mac.slice(0, TAG_LENGTH);
}

/**
 * Mints a refresh token for a session: 256 random bits and a tag only this server can make. The tag tells a token that was
 * once genuine (its reuse ends the session) from one that was made up (which must not end anybody's session) without keeping every
 * token that ever was.
 */
export function mintRefreshToken(vault: Vault, sessionId: string): RefreshToken {
  const random = randomSecret();
  const secret = random + tagOf(vault.mac(PURPOSE, `${sessionId}.${random}`));
  return { token: callerSecret({ kind: KIND, id: sessionId, secret }), hash: hashSecret(secret) };
}

/** Reads a presented token; null when this server never issued it. */
export function readRefreshToken(vault: Vault, token: string): { sessionId: string; hash: string } | null {
  const presented = parseCallerSecret(KIND, token);
  if (!presented || presented.secret.length !== RANDOM_LENGTH + TAG_LENGTH) return null;
  const random = presented.secret.slice(0, RANDOM_LENGTH);
  const tag = presented.secret.slice(RANDOM_LENGTH);
  const text = `${presented.id}.${random}`;
  const macs = [vault.mac(PURPOSE, text), ...vault.previousMacs(PURPOSE, text)];
  const genuine = macs.some((mac) => sameSecret(tagOf(mac), tag));
  return genuine ? { sessionId: presented.id, hash: hashSecret(presented.secret) } : null;
}
