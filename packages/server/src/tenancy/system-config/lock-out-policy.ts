import type { SystemConfig } from '@gatehouse/protocol';

/** How one administrator can prove who they are. */
export interface AdministratorAccess {
  hasPassword: boolean;
  hasTotp: boolean;
  /** The relying parties that their passkeys belong to. */
  passkeyRpIds: readonly string[];
}

/** What must be known to say who could still sign in. */
export interface LockOutFacts {
  /** Host of the issuer, where the hosted pages are. */
  issuerHost: string;
  canSendMail: boolean;
  /** Methods that this version of the server has. */
  builtMethods: readonly string[];
  /** The relying parties that the passkeys of users belong to. */
  passkeyRpIds: readonly string[];
  administrators: readonly AdministratorAccess[];
}

function covers(rpId: string, host: string): boolean {
  return host === rpId || (rpId.includes('.') && host.endsWith(`.${rpId}`));
}

/** Whether passkeys of the configured relying party can be used on any page at all. */
function passkeysWork({ webauthn, origins }: SystemConfig, issuerHost: string): boolean {
  const pages = [...webauthn.rp_origins, ...origins.allowed].filter((one) => one !== '*');
  const hosts = [issuerHost, ...pages.map((origin) => new URL(origin).hostname)];
  return hosts.some((host) => covers(webauthn.rp_id, host));
}

function whyUsersCannot(after: SystemConfig, facts: LockOutFacts): string | null {
  const methods = after.sign_in.login_methods.filter((method) => facts.builtMethods.includes(method));
  if (methods.length === 0) return 'no login method would be left that this server has';
  const others = methods.filter((method) => method !== 'passkey' && (method !== 'email_otp' || facts.canSendMail));
  if (others.length > 0) return null;
  if (!methods.includes('passkey'))
    return 'codes by mail would be the only login method, and this server cannot send mail';
  if (!passkeysWork(after, facts.issuerHost))
    return `passkeys would be the only login method, and no page may use those of ${after.webauthn.rp_id}`;
  const isOrphaned = facts.passkeyRpIds.length > 0 && !facts.passkeyRpIds.includes(after.webauthn.rp_id);
  return isOrphaned ? `passkeys would be the only login method, and nobody has one of ${after.webauthn.rp_id}` : null;
}

function canGetIn(admin: AdministratorAccess, after: SystemConfig, facts: LockOutFacts): boolean {
  const hasPasskey = admin.passkeyRpIds.includes(after.webauthn.rp_id) && passkeysWork(after, facts.issuerHost);
  if (admin.hasPassword) return admin.hasTotp || hasPasskey;
  return hasPasskey && after.sign_in.login_methods.includes('passkey');
}

/**
 * Why a change would leave nobody a way in, or null when it leaves one. Users need one login method that works; of the administrators one at
 * least must still get in, unless none could before.
 */
export function whyLockedOut(before: SystemConfig, after: SystemConfig, facts: LockOutFacts): string | null {
  const users = whyUsersCannot(after, facts);
  if (users !== null) return users;
  const could = facts.administrators.some((admin) => canGetIn(admin, before, facts));
  const can = facts.administrators.some((admin) => canGetIn(admin, after, facts));
  return could && !can ? 'no administrator could sign in any more' : null;
}
