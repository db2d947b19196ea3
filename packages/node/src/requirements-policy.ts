import type { AuthData } from './auth-data.ts';

/** What a route asks of a verified token, beyond being valid. */
export type Requirements = {
  /** Every one of these must have been granted. */
  readonly scopes?: readonly string[];
  /** One of these authentication context classes must have been reached (RFC 9470). */
  readonly acrValues?: readonly string[];
  /** The person must have signed in within this time (RFC 9470). */
  readonly maxAuthAgeSeconds?: number;
};

/** Whether the token suffices, and if not, what is missing. */
export type Verdict = 'accepted' | 'insufficient_scope' | 'insufficient_user_authentication';

/** Decides whether a token meets the requirements at `now` (milliseconds since the epoch). */
export function judgeRequirements(authData: AuthData, requirements: Requirements, now: number): Verdict {
  const granted = new Set(authData.scopes);
  if (!(requirements.scopes ?? []).every((scope) => granted.has(scope))) return 'insufficient_scope';
  return isStrong(authData, requirements) && isRecent(authData, requirements, now)
    ? 'accepted'
    : 'insufficient_user_authentication';
}

function isStrong({ claims }: AuthData, { acrValues }: Requirements): boolean {
  return acrValues === undefined || (typeof claims.acr === 'string' && acrValues.includes(claims.acr));
}

function isRecent({ claims }: AuthData, { maxAuthAgeSeconds }: Requirements, now: number): boolean {
  if (maxAuthAgeSeconds === undefined) return true;
  return typeof claims.auth_time === 'number' && now <= (claims.auth_time + maxAuthAgeSeconds) * 1000;
}
