/** How a person proved who they are. */
export type SignInMethod =
  | { kind: 'email_code' }
  /** `synced`: the key may live on several devices; `verified`: by face, finger or PIN, not mere touch. */
  | { kind: 'passkey'; synced: boolean; verified: boolean };

/** What a token says about a sign-in: methods (RFC 8176) and the level reached (D14). */
export interface Assurance {
  amr: readonly string[];
  acr: 'aal1' | 'aal2';
}

/**
 * A code proves reach of a mailbox and stays level 1 (NIST SP 800-63B-4 §3.1.3: e-mail is no authenticator of its own).
 * A passkey with user verification is two factors at once; with mere presence it is one.
 */
export function assuranceOf(method: SignInMethod): Assurance {
  if (method.kind === 'email_code') return { amr: ['otp'], acr: 'aal1' };
  const key = method.synced ? 'swk' : 'hwk';
  return method.verified ? { amr: [key, 'user'], acr: 'aal2' } : { amr: [key], acr: 'aal1' };
}
