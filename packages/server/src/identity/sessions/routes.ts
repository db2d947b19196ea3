import {
  DirectRefreshRequest,
  EndedCount,
  IdParameter,
  Ok,
  RefreshRequest,
  SessionList,
  TokenAnswer,
  TransportQuery,
} from '@gatehouse/protocol';
import { Type } from 'typebox';
import type { Clock } from '../../platform/clock/index.ts';
import type { Database } from '../../platform/database/index.ts';
import type { Announce } from '../../platform/events/index.ts';
import { defineRoute, type RawRequest, type Route, readCookie, reply } from '../../platform/http/index.ts';
import type { Vault } from '../../platform/secrets/index.ts';
import { type Clients, requireOwnOrigin } from '../../tenancy/clients/index.ts';
import type { Tokens } from '../../tenancy/tokens/index.ts';
import { endSession, endSessions } from './end-session.ts';
import { refusals } from './errors.ts';
import { type LiveSession, listSessions } from './list-sessions.ts';
import { type CookieRules, presentTokens, REFRESH_COOKIE, refreshCookie, transportOf } from './present-tokens.ts';
import { createRefreshSession, type RefreshSession } from './refresh-session.ts';
import { readRefreshToken } from './refresh-token.ts';
import type { SessionRules } from './session-rules.ts';
import { findSession } from './store.ts';

export interface SessionRoutesDeps {
  clock: Clock;
  database: Database;
  vault: Vault;
  announce: Announce;
  clients: Clients;
  tokens: Tokens;
  rules: SessionRules;
  cookie: CookieRules;
}

const tag = 'Sessions';
const LIST_PATH = '/api/auth/sessions';
const REFUSALS = ['invalid_refresh_token', 'session_invalidated', 'refresh_token_reused'] as const;

function cookieOf(headers: RawRequest['headers']): string | null {
  return readCookie(headers.cookie as string | undefined, REFRESH_COOKIE);
}

/** A session in the shape of the API. */
export function presentSession(session: LiveSession, currentId: string) {
  const iso = (at: number) => new Date(at).toISOString();
  return {
    id: session.id,
    current: session.id === currentId,
    created_at: iso(session.createdAt),
    expires_at: iso(session.expiresAt),
    last_used_at: iso(session.lastUsedAt),
    amr: session.amr,
    device: session.device,
    ip: session.ip,
  };
}

function refreshRoute(deps: SessionRoutesDeps, refreshSession: RefreshSession): Route {
  return defineRoute({
    method: 'POST',
    path: '/api/auth/refresh',
    access: 'client',
    cors: 'cookies',
    tag,
    summary: 'Exchange a refresh token for new tokens',
    body: RefreshRequest,
    query: TransportQuery,
    responses: { 200: TokenAnswer },
    refusals: REFUSALS,
    async handle({ caller, body, query, headers, facts }) {
      const inCookie = body.refresh_token === undefined ? cookieOf(headers) : null;
      const refreshToken = body.refresh_token ?? inCookie;
      if (!refreshToken) throw refusals.invalid_refresh_token();
      if (inCookie !== null) await requireOwnOrigin(deps.clients, caller.client, headers);
      const session = await refreshSession({ client: caller.client, refreshToken, request: facts });
      // A token that came in the cookie stays there unless asked otherwise; one that came in the body stays out of it.
      const transport = transportOf(body, query, { token_transport: inCookie !== null ? 'cookie' : 'json' });
      return presentTokens(deps, { session, transport, profileClaims: true });
    },
  });
}

function directRefreshRoute(deps: SessionRoutesDeps, refreshSession: RefreshSession): Route {
  return defineRoute({
    method: 'POST',
    path: '/session/refresh',
    access: 'direct',
    tag: 'Direct paths',
    summary: 'Exchange a refresh token for new tokens',
    body: DirectRefreshRequest,
    responses: { 200: TokenAnswer },
    refusals: REFUSALS,
    async handle({ caller, body, facts }) {
      const of = { refreshToken: body.refresh_token, sessionId: body.session_id };
      const session = await refreshSession({ client: caller.client, ...of, request: facts });
      return presentTokens(deps, { session, transport: 'json', profileClaims: false });
    },
  });
}

function logoutRoute(deps: SessionRoutesDeps): Route {
  return defineRoute({
    method: 'POST',
    path: '/api/auth/logout',
    access: 'client',
    cors: 'cookies',
    tag,
    summary: 'End the session of a refresh token',
    body: RefreshRequest,
    responses: { 200: Ok },
    async handle({ caller, body, headers, facts }) {
      const inCookie = cookieOf(headers);
      if (inCookie !== null) await requireOwnOrigin(deps.clients, caller.client, headers);
      const presented = readRefreshToken(deps.vault, body.refresh_token ?? inCookie ?? '');
      const of = presented && { id: presented.sessionId, client_id: caller.client.id };
      const row = of && (await findSession.first(deps.database.read, of));
      // Signing out of a session that is over already is signing out.
      if (row) {
        const own = { clientId: row.client_id, userId: row.user_id, id: row.id };
        await endSession(deps, { ...own, reason: 'logout', request: facts });
      }
      return reply({ body: { ok: true }, cookies: inCookie === null ? [] : [refreshCookie(deps.cookie, '', 0)] });
    },
  });
}

function directLogoutRoute(deps: SessionRoutesDeps): Route {
  return defineRoute({
    method: 'POST',
    path: '/session/logout',
    access: 'direct_user',
    tag: 'Direct paths',
    summary: 'End the session of an access token',
    responses: { 200: Ok },
    async handle({ caller, facts }) {
      const own = { clientId: caller.client.id, userId: caller.userId, id: caller.sessionId };
      await endSession(deps, { ...own, reason: 'logout', request: facts });
      return { ok: true };
    },
  });
}

function listRoute(deps: SessionRoutesDeps): Route {
  return defineRoute({
    method: 'GET',
    path: LIST_PATH,
    access: 'user',
    cors: 'cookies',
    tag,
    summary: 'Where the user is signed in',
    responses: { 200: SessionList },
    async handle({ caller }) {
      const live = await listSessions(deps, { clientId: caller.client.id, userId: caller.userId });
      return { sessions: live.map((session) => presentSession(session, caller.sessionId)) };
    },
  });
}

function endAllRoute(deps: SessionRoutesDeps): Route {
  return defineRoute({
    method: 'DELETE',
    path: LIST_PATH,
    access: 'user',
    cors: 'cookies',
    tag,
    summary: 'Sign out everywhere, or everywhere else',
    query: Type.Object({ except: Type.Optional(Type.Literal('current')) }),
    responses: { 200: EndedCount },
    async handle({ caller, query, facts }) {
      const own = { clientId: caller.client.id, userId: caller.userId, reason: 'revoked', request: facts };
      const ended = await endSessions(deps, { ...own, ...(query.except && { except: caller.sessionId }) });
      return { ok: true, ended };
    },
  });
}

function endOneRoute(deps: SessionRoutesDeps): Route {
  return defineRoute({
    method: 'DELETE',
    path: `${LIST_PATH}/:id`,
    access: 'user',
    cors: 'cookies',
    tag,
    summary: 'Sign out one session',
    params: IdParameter,
    responses: { 200: Ok },
    refusals: ['session_not_found'],
    async handle({ caller, params, facts }) {
      const own = { clientId: caller.client.id, userId: caller.userId, id: params.id };
      if (!(await endSession(deps, { ...own, reason: 'revoked', request: facts }))) throw refusals.session_not_found();
      return { ok: true };
    },
  });
}

/** The addresses of sessions: refresh, logout and the list, on the API and on the direct paths. */
export function sessionRoutes(deps: SessionRoutesDeps): Route[] {
  const refreshSession = createRefreshSession(deps);
  const routes = [logoutRoute, directLogoutRoute, listRoute, endAllRoute, endOneRoute];
  const refreshing = [refreshRoute, directRefreshRoute].map((route) => route(deps, refreshSession));
  return [...refreshing, ...routes.map((route) => route(deps))];
}
