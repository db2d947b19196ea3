import { AdministeredSessionList, EndedCount, Ok } from '@gatehouse/protocol';
import {
  endSession,
  endSessions,
  endSessionsOfClient,
  listSessions,
  sessionRefusals,
} from '../../identity/sessions/index.ts';
import { defineRoute, type Route } from '../../platform/http/index.ts';
import { addresses, base, InClient, OneSession, OneUser } from './addresses.ts';
import { actOf, requireUser, type UserAdministrationDeps } from './administered-user.ts';
import { presentAdministeredSession } from './export-user.ts';

function listRoute(deps: UserAdministrationDeps): Route {
  return defineRoute({
    ...base,
    method: 'GET',
    path: `${addresses.user}/sessions`,
    access: { client_admin: 'users:read' },
    summary: 'Where a user is signed in',
    params: OneUser,
    responses: { 200: AdministeredSessionList },
    refusals: ['user_not_found'],
    async handle(asked) {
      const act = actOf(asked);
      await requireUser(deps, act);
      return { sessions: (await listSessions(deps, act)).map(presentAdministeredSession) };
    },
  });
}

function endAllRoute(deps: UserAdministrationDeps): Route {
  return defineRoute({
    ...base,
    method: 'DELETE',
    path: `${addresses.user}/sessions`,
    access: { client_admin: 'users:write' },
    summary: 'End every session of a user',
    params: OneUser,
    responses: { 200: EndedCount },
    refusals: ['user_not_found'],
    async handle(asked) {
      const act = actOf(asked);
      await requireUser(deps, act);
      return { ok: true, ended: await endSessions(deps, { ...act, reason: 'revoked' }) };
    },
  });
}

function endOneRoute(deps: UserAdministrationDeps): Route {
  return defineRoute({
    ...base,
    method: 'DELETE',
    path: `${addresses.user}/sessions/:session_id`,
    access: { client_admin: 'users:write' },
    summary: 'End one session of a user',
    params: OneSession,
    responses: { 200: Ok },
    refusals: ['session_not_found'],
    async handle(asked) {
      const act = actOf(asked);
      const ended = await endSession(deps, { ...act, id: asked.params.session_id, reason: 'revoked' });
      if (!ended) throw sessionRefusals.session_not_found();
      return { ok: true };
    },
  });
}

function endClientRoute(deps: UserAdministrationDeps): Route {
  return defineRoute({
    ...base,
    method: 'DELETE',
    path: addresses.sessions,
    access: { client_admin: 'users:write' },
    summary: 'End every session of every user of a client',
    params: InClient,
    responses: { 200: EndedCount },
    async handle({ caller, facts }) {
      const of = { clientId: caller.client.id, actor: caller.admin.actor, request: facts };
      return { ok: true, ended: await endSessionsOfClient(deps, of) };
    },
  });
}

/** The sessions of a user, and all of a client's. */
export function userSessionRoutes(deps: UserAdministrationDeps): Route[] {
  return [listRoute, endAllRoute, endOneRoute, endClientRoute].map((route) => route(deps));
}
