import {
  IdParameter,
  Ok,
  PasskeyList,
  PasskeyOptions,
  Passkey as PasskeyShape,
  RegistrationCredential,
} from '@gatehouse/protocol';
import { Type } from 'typebox';
import type { NoticeDeps } from '../../identity/account-notices/index.ts';
import {
  type BeginDeps,
  beginRegistration,
  deletePasskey,
  finishRegistration,
  listPasskeys,
  passkeyRefusals,
  presentPasskey,
} from '../../identity/passkeys/index.ts';
import { findUser } from '../../identity/users/index.ts';
import { acceptedLanguages } from '../../messages/index.ts';
import type { Announce } from '../../platform/events/index.ts';
import { defineRoute, type RawRequest, type Route, reply } from '../../platform/http/index.ts';
import { ADMINISTRATORS_CLIENT } from '../../tenancy/clients/index.ts';
import type { AdminSessionCaller } from '../admin-sign-in/index.ts';
import { adminRefusals } from '../admins/index.ts';
import { requireFresh } from './require-fresh.ts';

export interface OwnPasskeyDeps extends NoticeDeps {
  begin: BeginDeps;
  announce: Announce;
}

const PATH = '/api/admin/auth/passkeys';
const base = { access: 'admin_session', cors: 'nobody', tag: 'Administration: sign-in' } as const;
const ownOf = ({ administrator }: AdminSessionCaller) => ({
  clientId: ADMINISTRATORS_CLIENT,
  userId: administrator.id,
});

function originIn(headers: RawRequest['headers']): string | undefined {
  return typeof headers.origin === 'string' ? headers.origin : undefined;
}

function optionsRoute(deps: OwnPasskeyDeps): Route {
  return defineRoute({
    ...base,
    method: 'POST',
    path: `${PATH}/options`,
    summary: 'Start adding a passkey of one’s own',
    body: Type.Object({}, { additionalProperties: false }),
    responses: { 200: PasskeyOptions },
    refusals: ['admin_step_up_required', 'invalid_origin'],
    async handle({ caller, headers }) {
      requireFresh(deps.begin, caller);
      const { clientId, userId } = ownOf(caller);
      const user = await findUser(deps.begin.database.read, { clientId, id: userId });
      if (!user) throw adminRefusals.invalid_admin_token();
      const client = await deps.begin.clients.administrators();
      const place = { client, user, origin: originIn(headers), rpId: undefined };
      const { requestId, publicKey } = await beginRegistration(deps.begin, place);
      return { request_id: requestId, publicKey };
    },
  });
}

function addRoute(deps: OwnPasskeyDeps): Route {
  return defineRoute({
    ...base,
    method: 'POST',
    path: PATH,
    summary: 'Finish adding a passkey of one’s own',
    body: Type.Object(
      {
        request_id: IdParameter.properties.id,
        credential: RegistrationCredential,
        name: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
      },
      { additionalProperties: false },
    ),
    responses: { 201: PasskeyShape },
    refusals: ['admin_step_up_required', 'invalid_webauthn_registration', 'duplicate_credential'],
    async handle({ caller, body, headers, facts }) {
      requireFresh(deps.begin, caller);
      const { request_id: requestId, credential, name } = body;
      const client = await deps.begin.clients.administrators();
      const own = { client, userId: caller.administrator.id, origin: originIn(headers) ?? null };
      const input = { ...own, requestId, credential, name, locale: acceptedLanguages(headers), request: facts };
      const passkey = await finishRegistration({ ...deps, ...deps.begin }, input);
      return reply({ status: 201, body: presentPasskey(passkey) });
    },
  });
}

function listRoute(deps: OwnPasskeyDeps): Route {
  return defineRoute({
    ...base,
    method: 'GET',
    path: PATH,
    summary: 'One’s own passkeys',
    responses: { 200: PasskeyList },
    handle: async ({ caller }) => ({
      passkeys: (await listPasskeys(deps.begin.database, ownOf(caller))).map(presentPasskey),
    }),
  });
}

function removeRoute(deps: OwnPasskeyDeps): Route {
  return defineRoute({
    ...base,
    method: 'DELETE',
    path: `${PATH}/:id`,
    summary: 'Remove a passkey of one’s own',
    params: IdParameter,
    responses: { 200: Ok },
    refusals: ['admin_step_up_required', 'credential_not_found'],
    async handle({ caller, params, headers, facts }) {
      requireFresh(deps.begin, caller);
      const input = { ...ownOf(caller), id: params.id, locale: acceptedLanguages(headers), request: facts };
      const { database } = deps.begin;
      if (!(await deletePasskey({ ...deps, database }, input))) throw passkeyRefusals.credential_not_found();
      return { ok: true };
    },
  });
}

/** The passkeys an administrator keeps as a second factor, beside the authenticator app that everybody has. */
export function ownPasskeyRoutes(deps: OwnPasskeyDeps): Route[] {
  return [optionsRoute(deps), addRoute(deps), listRoute(deps), removeRoute(deps)];
}
