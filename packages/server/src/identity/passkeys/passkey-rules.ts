import type { Clock } from '../../platform/clock/index.ts';
import type { Client } from '../../tenancy/clients/index.ts';
import { sessionRefusals } from '../sessions/index.ts';

/** What ceremonies go by, from the configuration; a client's settings win. */
export interface PasskeyRules {
  /** Null: the host of the issuer. */
  rpId: string | null;
  displayName: string;
  userVerification: 'required' | 'preferred';
  issuer: string;
  /** Further page origins that may hold ceremonies. */
  origins: readonly string[];
}

/** How long a sign-in counts as recent for adding or removing a passkey. */
const RECENT_MS = 15 * 60_000;

/** Refuses when the user proved who they are too long ago: an unattended screen must not grow a passkey (W-39). */
export function requireRecentSignIn(clock: Clock, authenticatedAt: number): void {
  if (clock.now() - authenticatedAt > RECENT_MS) throw sessionRefusals.reauthentication_required();
}

export function userVerificationOf(client: Client, rules: PasskeyRules): 'required' | 'preferred' {
  return client.settings.webauthn_user_verification ?? rules.userVerification;
}
