import type { TokenAnswer, TokenTransport } from '@gatehouse/protocol';
import type { Clock } from '../../platform/clock/index.ts';
import { type Reply, reply, writeCookie } from '../../platform/http/index.ts';
import type { Tokens } from '../../tenancy/tokens/index.ts';
import { presentUser } from '../users/index.ts';
import { rulesOf, type SessionRules } from './session-rules.ts';
import type { StartedSession } from './start-session.ts';

export const REFRESH_COOKIE = 'auth_refresh';
const COOKIE_PATH = '/api/auth';

/** How the refresh cookie is set, from the configuration. */
export interface CookieRules {
  secure: boolean;
  sameSite: 'Strict' | 'Lax' | 'None';
  domain?: string | undefined;
}

export type Transport = TokenTransport;

export interface PresentDeps {
  clock: Clock;
  tokens: Tokens;
  rules: SessionRules;
  cookie: CookieRules;
}

export interface PresentInput {
  session: StartedSession;
  transport: Transport;
  /** Whether the access token says who the user is beyond their id. */
  profileClaims: boolean;
}

/** Reads the wish for a transport from body and query; `session_mode=token` is the older name of `json`. */
export function transportOf(
  ...places: ({ token_transport?: Transport; session_mode?: 'token' | 'cookie' } | undefined)[]
): Transport {
  for (const place of places) {
    if (place?.token_transport) return place.token_transport;
    if (place?.session_mode) return place.session_mode === 'token' ? 'json' : 'cookie';
  }
  return 'cookie';
}

/** The Set-Cookie that carries a refresh token, or takes it away when `value` is empty. */
export function refreshCookie(cookie: CookieRules, value: string, maxAgeSeconds: number): string {
  return writeCookie({ name: REFRESH_COOKIE, value, path: COOKIE_PATH, maxAgeSeconds, ...cookie });
}

function profileOf({ user }: StartedSession) {
  return { email: user.email, email_verified: user.emailVerifiedAt !== null, role: user.role, roles: [user.role] };
}

/** Signs an access token for a session and puts the answer together (D4); the refresh token goes where `transport` says. */
export async function presentTokens(
  deps: PresentDeps,
  { session, transport, profileClaims }: PresentInput,
): Promise<Reply> {
  const access = await deps.tokens.issueAccess(
    {
      sub: session.user.id,
      aud: session.client.id,
      sid: session.id,
      client_id: session.client.id,
      amr: [...session.amr],
      acr: session.acr,
      auth_time: Math.floor(session.authTime / 1000),
      scope: '',
      scopes: [],
      ...(profileClaims && profileOf(session)),
    },
    { ttlMs: rulesOf(session.client, deps.rules).accessTtlMs, notAfter: session.expiresAt },
  );
  const lifeSeconds = Math.max(0, Math.floor((session.expiresAt - deps.clock.now()) / 1000));
  const body: TokenAnswer = {
    session_id: session.id,
    access_token: access.token,
    token_type: 'Bearer',
    expires_in: access.expiresInSeconds,
    ...(transport === 'json' && { refresh_token: session.secret }),
    refresh: { transport, cookie_name: REFRESH_COOKIE, expires_in: lifeSeconds },
    user: presentUser(session.user),
  };
  const cookies = transport === 'cookie' ? [refreshCookie(deps.cookie, session.secret, lifeSeconds)] : [];
  return reply({ body, cookies });
}
