import { randomBytes } from 'node:crypto';
import type { Clock } from '../../platform/clock/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import type { Vault } from '../../platform/secrets/index.ts';
import { stepOfCode, writeBase32 } from './one-time-code.ts';
import { putSecret } from './store.ts';

/** RFC 4226 §4 recommends 160 bits (N-15 asks for 112). */
const SECRET_BYTES = 20;
const PURPOSE = 'totp';

/** A secret that its owner has yet to prove by a first code. */
export interface PendingTotp {
  /** For the server to keep until then. */
  sealed: string;
  /** For the owner's eyes: Base32, and the address behind the QR code. */
  secret: string;
  otpauthUrl: string;
}

/** What authenticator apps show beside the code. */
export interface TotpLabel {
  issuer: string;
  account: string;
}

/** The address a QR code carries (Google Authenticator's key URI format). */
function otpauthUrl({ issuer, account }: TotpLabel, secret: string): string {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(account)}`;
  const query = `secret=${secret}&issuer=${encodeURIComponent(issuer)}&algorithm=SHA1&digits=6&period=30`;
  return `otpauth://totp/${label}?${query}`;
}

/** Opens a sealed secret. Throws UnreadableSecret. */
export function openSecret(vault: Vault, sealed: string): Buffer {
  return Buffer.from(vault.open(PURPOSE, sealed), 'base64url');
}

/** The same secret once more, for a page that is shown again. */
export function showPendingTotp(vault: Vault, sealed: string, label: TotpLabel): PendingTotp {
  const secret = writeBase32(openSecret(vault, sealed));
  return { sealed, secret, otpauthUrl: otpauthUrl(label, secret) };
}

/** Makes a secret. Nothing is stored until a first code shows that it arrived. */
export function beginTotp(vault: Vault, label: TotpLabel): PendingTotp {
  return showPendingTotp(vault, vault.seal(PURPOSE, randomBytes(SECRET_BYTES).toString('base64url')), label);
}

/** The time step of a first code for a pending secret; null when the code is wrong. */
export function judgeFirstCode(
  deps: { clock: Clock; vault: Vault },
  { sealed, code }: { sealed: string; code: string },
): number | null {
  return stepOfCode(openSecret(deps.vault, sealed), code, deps.clock.now());
}

/** Stores a pending secret that its owner has proven; the code that proved it is spent with it. */
export async function putTotp(
  { clock, tx }: { clock: Clock; tx: Tx },
  input: { clientId: string; userId: string; sealed: string; step: number },
): Promise<void> {
  const own = { client_id: input.clientId, user_id: input.userId };
  await putSecret.run(tx, { ...own, secret_sealed: input.sealed, last_step: input.step, created_at: clock.now() });
}
