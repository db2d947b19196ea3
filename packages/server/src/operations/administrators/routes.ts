import { AdminChange, AdminInvitation, AdminInvite, AdministratorShape, IdParameter, Ok } from '@gatehouse/protocol';
import { Type } from 'typebox';
import { acceptedLanguages } from '../../messages/index.ts';
import { defineRoute, httpRefusals, type Route, reply } from '../../platform/http/index.ts';
import { parseEmailAddress } from '../../platform/mail/index.ts';
import { PageOf, pageFields, pageOf, readPage } from '../../platform/paging/index.ts';
import type { Clients } from '../../tenancy/clients/index.ts';
import type { AdminScope } from '../admins/index.ts';
import { type AdministratorRecord, presentAdministrator } from './administrator-record.ts';
import { changeAdministrator, removeAdministrator } from './change-administrator.ts';
import { refusals } from './errors.ts';
import type { Invitation } from './invitation.ts';
import { inviteAdministrator } from './invite-administrator.ts';
import { type ResetDeps, resetAdministrator } from './reset-administrator.ts';
import { findAdministrator, listAdministrators } from './store.ts';

export type AdministratorRoutesDeps = ResetDeps & { clients: Clients; canSendMail(): Promise<boolean> };

const PATH = '/api/admin/users';
const base = { cors: 'nobody', tag: 'Administration: administrators' } as const;
const common = ['administrator_not_found', 'last_owner', 'own_administrator', 'admin_grant_exceeds_own'];

interface WireScope {
  kind: AdminScope['kind'];
  client_id?: string;
  organization_id?: string;
}

function notAScope(field: string, problem: string) {
  return httpRefusals.invalid_request({ body: { details: [{ field, problem }] } });
}

async function readScope({ clients }: AdministratorRoutesDeps, wire: WireScope): Promise<AdminScope> {
  const { kind, client_id: clientId, organization_id: organizationId } = wire;
  if (kind !== 'organization' && organizationId !== undefined) throw notAScope('scope.organization_id', 'is too much');
  if (kind === 'all') {
    if (clientId !== undefined) throw notAScope('scope.client_id', 'is too much');
    return { kind };
  }
  if (clientId === undefined || !(await clients.find(clientId))) throw notAScope('scope.client_id', 'names no client');
  if (kind === 'client') return { kind, clientId };
  if (organizationId === undefined) throw notAScope('scope.organization_id', 'is missing');
  return { kind, clientId, organizationId };
}

function present(of: { administrator: AdministratorRecord; invitation: Invitation }, mailed: boolean) {
  const { url, expiresAt } = of.invitation;
  return {
    administrator: presentAdministrator(of.administrator),
    invitation: { url, expires_at: new Date(expiresAt).toISOString(), mailed },
  };
}

function listRoute(deps: AdministratorRoutesDeps): Route {
  return defineRoute({
    ...base,
    method: 'GET',
    path: PATH,
    access: { admin: 'admins:read' },
    summary: 'Who administers this installation',
    query: Type.Object(pageFields),
    responses: { 200: PageOf(AdministratorShape, 'AdministratorPage') },
    async handle({ query }) {
      const { limit, after } = readPage(query);
      const rows = await listAdministrators(deps.database.read, { after, most: limit + 1 });
      return pageOf(rows, { limit, keyOf: (row) => row.id, present: presentAdministrator });
    },
  });
}

function inviteRoute(deps: AdministratorRoutesDeps): Route {
  return defineRoute({
    ...base,
    method: 'POST',
    path: PATH,
    access: { admin: 'admins:write' },
    summary: 'Invite somebody to administer',
    body: AdminInvite,
    responses: { 201: AdminInvitation },
    refusals: ['administrator_exists', 'admin_grant_exceeds_own'],
    async handle({ caller, body, headers, facts }) {
      const email = parseEmailAddress(body.email);
      if (!email) throw notAScope('email', 'is not an e-mail address');
      const mailed = (body.send_mail ?? true) && (await deps.canSendMail());
      const invited = await inviteAdministrator(deps, {
        email,
        roles: body.roles,
        scope: await readScope(deps, body.scope),
        by: caller.admin,
        mailIn: mailed ? acceptedLanguages(headers) || 'en' : null,
        request: facts,
      });
      return reply({ status: 201, body: present(invited, mailed) });
    },
  });
}

function readRoute(deps: AdministratorRoutesDeps): Route {
  return defineRoute({
    ...base,
    method: 'GET',
    path: `${PATH}/:id`,
    access: { admin: 'admins:read' },
    summary: 'One administrator',
    params: IdParameter,
    responses: { 200: AdministratorShape },
    refusals: ['administrator_not_found'],
    async handle({ params }) {
      const record = await findAdministrator(deps.database.read, params.id);
      if (!record) throw refusals.administrator_not_found();
      return presentAdministrator(record);
    },
  });
}

function changeRoute(deps: AdministratorRoutesDeps): Route {
  return defineRoute({
    ...base,
    method: 'PATCH',
    path: `${PATH}/:id`,
    access: { admin: 'admins:write' },
    summary: 'Change roles, scope or status of an administrator',
    params: IdParameter,
    body: AdminChange,
    responses: { 200: AdministratorShape },
    refusals: [...common, 'administrator_invited'],
    async handle({ caller, params, body, facts }) {
      const { roles, status } = body;
      const scope = body.scope && (await readScope(deps, body.scope));
      const change = { ...(roles && { roles }), ...(scope && { scope }), ...(status && { status }) };
      const act = { id: params.id, by: caller.admin, request: facts };
      return presentAdministrator(await changeAdministrator(deps, { ...act, change }));
    },
  });
}

function removeRoute(deps: AdministratorRoutesDeps): Route {
  return defineRoute({
    ...base,
    method: 'DELETE',
    path: `${PATH}/:id`,
    access: { admin: 'admins:write' },
    summary: 'Remove an administrator',
    params: IdParameter,
    responses: { 200: Ok },
    refusals: common,
    async handle({ caller, params, facts }) {
      await removeAdministrator(deps, { id: params.id, by: caller.admin, request: facts });
      return { ok: true };
    },
  });
}

function resetRoute(deps: AdministratorRoutesDeps): Route {
  return defineRoute({
    ...base,
    method: 'POST',
    path: `${PATH}/:id/reset`,
    access: { admin: 'admins:write' },
    summary: 'Take every factor from an administrator and invite them anew',
    params: IdParameter,
    responses: { 200: AdminInvitation },
    refusals: common,
    async handle({ caller, params, headers, facts }) {
      const mailed = await deps.canSendMail();
      const act = { id: params.id, by: caller.admin, request: facts };
      return present(
        await resetAdministrator(deps, { ...act, mailIn: mailed ? acceptedLanguages(headers) || 'en' : null }),
        mailed,
      );
    },
  });
}

/** `/api/admin/users`: those who administer. */
export function administratorRoutes(deps: AdministratorRoutesDeps): Route[] {
  return [listRoute, inviteRoute, readRoute, changeRoute, removeRoute, resetRoute].map((route) => route(deps));
}
