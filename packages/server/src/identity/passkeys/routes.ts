import {
  AssertionFinish,
  IdParameter,
  Ok,
  PasskeyList,
  PasskeyOptions,
  PasskeyOptionsRequest,
  PasskeyRename,
  Passkey as PasskeyShape,
  RegistrationFinish,
  TokenAnswer,
  TransportQuery,
} from '@gatehouse/protocol';
import { Type } from 'typebox';
import { acceptedLanguages } from '../../messages/index.ts';
import { defineRoute, httpRefusals, type RawRequest, type Route } from '../../platform/http/index.ts';
import type { NoticeDeps } from '../account-notices/index.ts';
import {
  type PresentDeps,
  presentTokens,
  type SessionCaller,
  sessionRefusals,
  transportOf,
} from '../sessions/index.ts';
import { findUser } from '../users/index.ts';
import { type BeginDeps, beginAuthentication, beginRegistration, type Ceremony } from './begin-ceremony.ts';
import { refusals } from './errors.ts';
import { type FinishAuthenticationDeps, finishAuthentication } from './finish-authentication.ts';
import { finishRegistration } from './finish-registration.ts';
import { deletePasskey, listPasskeys, renamePasskey } from './manage-passkeys.ts';
import { presentPasskey } from './passkey.ts';
import { requireRecentSignIn } from './passkey-rules.ts';

export interface PasskeyRoutesDeps {
  begin: BeginDeps;
  finish: FinishAuthenticationDeps & NoticeDeps;
  present: PresentDeps;
}

const tag = 'Passkeys';
const direct = 'Direct paths';

function originOf(headers: RawRequest['headers']): string | undefined {
  return typeof headers.origin === 'string' ? headers.origin : undefined;
}

function presentCeremony({ requestId, publicKey }: Ceremony) {
  return { request_id: requestId, publicKey };
}

const ownOf = (caller: SessionCaller) => ({ clientId: caller.client.id, userId: caller.userId });

interface RegistrationAt {
  access: 'user' | 'direct_user';
  begin: string;
  finish: string;
}

function registrationBase({ access }: RegistrationAt) {
  const isApi = access === 'user';
  return { method: 'POST', access, tag: isApi ? tag : direct, cors: isApi ? 'cookies' : 'tokens' } as const;
}

function beginRegistrationRoute(deps: PasskeyRoutesDeps, at: RegistrationAt): Route {
  return defineRoute({
    ...registrationBase(at),
    path: at.begin,
    summary: 'Start adding a passkey',
    body: PasskeyOptionsRequest,
    responses: { 200: PasskeyOptions },
    refusals: ['invalid_origin', 'reauthentication_required'],
    async handle({ caller, body, headers }) {
      requireRecentSignIn(deps.begin.clock, caller.authenticatedAt);
      const user = await findUser(deps.begin.database.read, { clientId: caller.client.id, id: caller.userId });
      if (user?.status !== 'active') throw sessionRefusals.invalid_access_token();
      const input = { client: caller.client, user, origin: originOf(headers), rpId: body.rp_id };
      return presentCeremony(await beginRegistration(deps.begin, input));
    },
  });
}

function finishRegistrationRoute(deps: PasskeyRoutesDeps, at: RegistrationAt): Route {
  return defineRoute({
    ...registrationBase(at),
    path: at.finish,
    summary: 'Finish adding a passkey',
    body: RegistrationFinish,
    responses: { 200: Type.Object({ ok: Type.Literal(true), passkey: PasskeyShape }) },
    refusals: ['invalid_webauthn_registration', 'duplicate_credential'],
    async handle({ caller, body, headers, facts }) {
      const { request_id: requestId, credential, name } = body;
      const origin = originOf(headers) ?? (at.access === 'user' ? null : '');
      const input = {
        client: caller.client,
        userId: caller.userId,
        requestId,
        credential,
        origin,
        name,
        locale: acceptedLanguages(headers),
        request: facts,
      };
      const passkey = await finishRegistration({ ...deps.finish, ...deps.begin }, input);
      return { ok: true, passkey: presentPasskey(passkey) };
    },
  });
}

function registrationRoutes(deps: PasskeyRoutesDeps, at: RegistrationAt): Route[] {
  return [beginRegistrationRoute(deps, at), finishRegistrationRoute(deps, at)];
}

function apiSignInRoutes(deps: PasskeyRoutesDeps): Route[] {
  const base = { method: 'POST', access: 'client', cors: 'cookies', tag } as const;
  const begin = defineRoute({
    ...base,
    path: '/api/auth/passkey/login/begin',
    summary: 'Start signing in with a passkey',
    body: PasskeyOptionsRequest,
    responses: { 200: PasskeyOptions },
    refusals: ['invalid_origin'],
    async handle({ caller, body, headers }) {
      const ceremony = await beginAuthentication(deps.begin, {
        ...caller,
        origin: originOf(headers),
        rpId: body.rp_id,
      });
      return { ...presentCeremony(ceremony), session_id: ceremony.requestId };
    },
  });
  const finish = defineRoute({
    ...base,
    path: '/api/auth/passkey/login/finish',
    summary: 'Finish signing in with a passkey',
    body: AssertionFinish,
    query: Type.Object({ ...TransportQuery.properties, session_id: Type.Optional(Type.String()) }),
    responses: { 200: TokenAnswer },
    refusals: ['invalid_webauthn_authentication', 'rate_limited'],
    async handle({ caller, body, query, headers, facts }) {
      const requestId = query.session_id ?? body.request_id;
      if (!requestId)
        throw httpRefusals.invalid_request({ body: { details: [{ field: 'session_id', problem: 'is missing' }] } });
      const input = { ...caller, requestId, credential: body.credential, origin: originOf(headers) ?? null };
      const session = await finishAuthentication(deps.finish, { ...input, carrier: 'refresh-token', request: facts });
      return presentTokens(deps.present, { session, transport: transportOf(query), profileClaims: true });
    },
  });
  return [begin, finish];
}

function directSignInRoutes(deps: PasskeyRoutesDeps): Route[] {
  const base = { method: 'POST', access: 'direct', tag: direct } as const;
  const begin = defineRoute({
    ...base,
    path: '/webauthn/authenticate/options',
    summary: 'Start signing in with a passkey',
    body: PasskeyOptionsRequest,
    responses: { 200: PasskeyOptions },
    refusals: ['invalid_origin'],
    async handle({ caller, body, headers }) {
      return presentCeremony(
        await beginAuthentication(deps.begin, { ...caller, origin: originOf(headers), rpId: body.rp_id }),
      );
    },
  });
  const finish = defineRoute({
    ...base,
    path: '/webauthn/authenticate/verify',
    summary: 'Finish signing in with a passkey',
    body: AssertionFinish,
    responses: { 200: TokenAnswer },
    refusals: ['invalid_webauthn_authentication', 'rate_limited'],
    async handle({ caller, body, headers, facts }) {
      const requestId = body.request_id;
      if (!requestId)
        throw httpRefusals.invalid_request({ body: { details: [{ field: 'request_id', problem: 'is missing' }] } });
      const input = { ...caller, requestId, credential: body.credential, origin: originOf(headers) ?? '' };
      const session = await finishAuthentication(deps.finish, { ...input, carrier: 'refresh-token', request: facts });
      return presentTokens(deps.present, { session, transport: 'json', profileClaims: false });
    },
  });
  return [begin, finish];
}

function listRoutes(deps: PasskeyRoutesDeps): Route[] {
  const base = { access: 'user', cors: 'cookies', tag } as const;
  const list = defineRoute({
    ...base,
    method: 'GET',
    path: '/api/auth/passkeys',
    summary: "The user's passkeys",
    responses: { 200: PasskeyList },
    handle: async ({ caller }) => ({
      passkeys: (await listPasskeys(deps.begin.database, ownOf(caller))).map(presentPasskey),
    }),
  });
  const rename = defineRoute({
    ...base,
    method: 'PATCH',
    path: '/api/auth/passkeys/:id',
    summary: 'Rename a passkey',
    params: IdParameter,
    body: PasskeyRename,
    responses: { 200: PasskeyShape },
    refusals: ['credential_not_found'],
    async handle({ caller, params, body, facts }) {
      const own = { ...ownOf(caller), id: params.id };
      const passkey = await renamePasskey(deps.finish, { ...own, name: body.name, request: facts });
      if (!passkey) throw refusals.credential_not_found();
      return presentPasskey(passkey);
    },
  });
  return [list, rename];
}

type Removal = Omit<Parameters<typeof deletePasskey>[1], 'clientId' | 'userId'> & { caller: SessionCaller };

async function removeOwn(deps: PasskeyRoutesDeps, { caller, ...passkey }: Removal) {
  requireRecentSignIn(deps.begin.clock, caller.authenticatedAt);
  if (!(await deletePasskey(deps.finish, { ...ownOf(caller), ...passkey }))) throw refusals.credential_not_found();
  return { ok: true };
}

function deleteRoute(deps: PasskeyRoutesDeps, at: { access: 'user' | 'direct_user'; path: string }): Route {
  return defineRoute({
    method: 'DELETE',
    path: at.path,
    access: at.access,
    cors: at.access === 'user' ? 'cookies' : 'tokens',
    tag: at.access === 'user' ? tag : direct,
    summary: 'Remove a passkey',
    params: IdParameter,
    responses: { 200: Ok },
    refusals: ['credential_not_found', 'reauthentication_required'],
    handle: ({ caller, params, headers, facts }) =>
      removeOwn(deps, { caller, id: params.id, locale: acceptedLanguages(headers), request: facts }),
  });
}

/** The older form of removal, with the id in the query. */
function deleteByQueryRoute(deps: PasskeyRoutesDeps): Route {
  return defineRoute({
    method: 'DELETE',
    path: '/api/auth/passkeys',
    access: 'user',
    cors: 'cookies',
    tag,
    summary: 'Remove a passkey named in the query',
    query: IdParameter,
    responses: { 200: Ok },
    refusals: ['credential_not_found', 'reauthentication_required'],
    handle: ({ caller, query, headers, facts }) =>
      removeOwn(deps, { caller, id: query.id, locale: acceptedLanguages(headers), request: facts }),
  });
}

/** Adding, using and keeping passkeys, on the API and on the direct paths. */
export function passkeyRoutes(deps: PasskeyRoutesDeps): Route[] {
  const api = '/api/auth/passkey/register';
  return [
    ...registrationRoutes(deps, { access: 'user', begin: `${api}/begin`, finish: `${api}/finish` }),
    ...registrationRoutes(deps, {
      access: 'direct_user',
      begin: '/webauthn/register/options',
      finish: '/webauthn/register/verify',
    }),
    ...apiSignInRoutes(deps),
    ...directSignInRoutes(deps),
    ...listRoutes(deps),
    deleteByQueryRoute(deps),
    deleteRoute(deps, { access: 'user', path: '/api/auth/passkeys/:id' }),
    deleteRoute(deps, { access: 'direct_user', path: '/webauthn/credentials/:id' }),
  ];
}
