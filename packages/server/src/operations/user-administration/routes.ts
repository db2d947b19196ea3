import { AdministeredUser, Ok, OneOf, UserCreate, UserExport, UserPatch } from '@gatehouse/protocol';
import { Type } from 'typebox';
import { searchKeyOf, searchUsers } from '../../identity/users/index.ts';
import { defineRoute, httpRefusals, type Route, reply } from '../../platform/http/index.ts';
import { parseEmailAddress } from '../../platform/mail/index.ts';
import { PageOf, pageFields, pageOf, readPage } from '../../platform/paging/index.ts';
import { addresses, base, InClient, OneUser } from './addresses.ts';
import { actOf, presentAdministered, requireUser, type UserAdministrationDeps } from './administered-user.ts';
import { addUser, changeUser, removeUser, unlockUser } from './change-user.ts';
import { exportUser } from './export-user.ts';
import { userSessionRoutes } from './session-routes.ts';

function listRoute(deps: UserAdministrationDeps): Route {
  return defineRoute({
    ...base,
    method: 'GET',
    path: addresses.users,
    access: { client_admin: 'users:read' },
    summary: 'Users of a client; `q` finds by the beginning of an address, or by whole id or display name',
    params: InClient,
    query: Type.Object(
      {
        ...pageFields,
        q: Type.Optional(Type.String({ minLength: 1, maxLength: 254 })),
        status: Type.Optional(OneOf('active', 'suspended')),
      },
      { additionalProperties: false },
    ),
    responses: { 200: PageOf(AdministeredUser, 'AdministeredUserPage') },
    async handle({ caller, query }) {
      const page = readPage(query);
      const search = { clientId: caller.client.id, q: query.q ?? null, status: query.status ?? null, ...page };
      const users = await searchUsers(deps.database.read, search);
      const keyOf = (user: (typeof users)[number]) => searchKeyOf(search.q, user);
      return pageOf(users, { limit: page.limit, keyOf, present: presentAdministered });
    },
  });
}

function addRoute(deps: UserAdministrationDeps): Route {
  return defineRoute({
    ...base,
    method: 'POST',
    path: addresses.users,
    access: { client_admin: 'users:write' },
    summary: 'Make a user',
    params: InClient,
    body: UserCreate,
    responses: { 201: AdministeredUser },
    refusals: ['user_exists'],
    async handle({ caller, body, facts }) {
      const email = parseEmailAddress(body.email);
      if (!email) {
        const details = [{ field: 'email', problem: 'is not an e-mail address' }];
        throw httpRefusals.invalid_request({ body: { details } });
      }
      const user = await addUser(deps, {
        clientId: caller.client.id,
        email,
        emailVerified: body.email_verified ?? false,
        displayName: body.display_name ?? null,
        role: body.role ?? 'user',
        actor: caller.admin.actor,
        request: facts,
      });
      return reply({ status: 201, body: presentAdministered(user) });
    },
  });
}

function readRoute(deps: UserAdministrationDeps): Route {
  return defineRoute({
    ...base,
    method: 'GET',
    path: addresses.user,
    access: { client_admin: 'users:read' },
    summary: 'One user of a client',
    params: OneUser,
    responses: { 200: AdministeredUser },
    refusals: ['user_not_found'],
    handle: async (asked) => presentAdministered(await requireUser(deps, actOf(asked))),
  });
}

function changeRoute(deps: UserAdministrationDeps): Route {
  return defineRoute({
    ...base,
    method: 'PATCH',
    path: addresses.user,
    access: { client_admin: 'users:write' },
    summary: 'Change a user; suspending ends their sessions at once',
    params: OneUser,
    body: UserPatch,
    responses: { 200: AdministeredUser },
    refusals: ['user_not_found'],
    async handle({ body, ...asked }) {
      const { display_name: displayName, role, status } = body;
      const name = displayName === undefined ? {} : { displayName };
      const change = { ...name, ...(role && { role }), ...(status && { status }) };
      return presentAdministered(await changeUser(deps, { ...actOf(asked), change }));
    },
  });
}

function removeRoute(deps: UserAdministrationDeps): Route {
  return defineRoute({
    ...base,
    method: 'DELETE',
    path: addresses.user,
    access: { client_admin: 'users:write' },
    summary: 'Delete a user with everything of theirs',
    params: OneUser,
    responses: { 200: Ok },
    refusals: ['user_not_found'],
    async handle(asked) {
      await removeUser(deps, actOf(asked));
      return { ok: true };
    },
  });
}

function unlockRoute(deps: UserAdministrationDeps): Route {
  return defineRoute({
    ...base,
    method: 'POST',
    path: `${addresses.user}/unlock`,
    access: { client_admin: 'users:write' },
    summary: 'Let a user in again after too many wrong guesses',
    params: OneUser,
    responses: { 200: Ok },
    refusals: ['user_not_found'],
    async handle(asked) {
      await unlockUser(deps, actOf(asked));
      return { ok: true };
    },
  });
}

function exportRoute(deps: UserAdministrationDeps): Route {
  return defineRoute({
    ...base,
    method: 'GET',
    path: `${addresses.user}/export`,
    access: { client_admin: 'users:export' },
    summary: 'Everything that is kept about one user',
    params: OneUser,
    responses: { 200: UserExport },
    refusals: ['user_not_found'],
    handle: (asked) => exportUser(deps, actOf(asked)),
  });
}

/** `/api/admin/clients/:client_id/users` and the sessions of a client. */
export function userAdministrationRoutes(deps: UserAdministrationDeps): Route[] {
  const routes = [listRoute, addRoute, readRoute, changeRoute, removeRoute, unlockRoute, exportRoute];
  return [...routes.map((route) => route(deps)), ...userSessionRoutes(deps)];
}
