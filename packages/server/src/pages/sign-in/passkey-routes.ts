import { AssertionFinish, PasskeyOptions } from '@gatehouse/protocol';
import { Type } from 'typebox';
import { beginAuthentication, finishAuthentication, passkeyRefusals } from '../../identity/passkeys/index.ts';
import { defineRoute, type Route, reply } from '../../platform/http/index.ts';
import type { Answers } from '../frame/index.ts';
import type { PageDeps } from '../page-deps.ts';
import { enter } from './enter.ts';

type Deps = PageDeps & { answers: Answers };

const base = { method: 'POST', access: 'page', cors: 'nobody', tag: 'Pages' } as const;

/** What the script of the sign-in page calls; the session goes into the cookie and the script learns only where to go. */
export function passkeyRoutes(deps: Deps): Route[] {
  const begin = defineRoute({
    ...base,
    path: '/login/passkey/options',
    summary: 'Start signing in with a passkey',
    responses: { 200: PasskeyOptions },
    async handle({ caller }) {
      const place = { client: caller.client, origin: deps.issuer, rpId: undefined };
      const { requestId, publicKey } = await beginAuthentication(deps.passkeys.begin, place);
      return { request_id: requestId, publicKey };
    },
  });
  const finish = defineRoute({
    ...base,
    path: '/login/passkey/verify',
    summary: 'Sign in with the passkey',
    body: AssertionFinish,
    responses: { 200: Type.Object({ location: Type.String() }) },
    async handle({ caller, body, facts }) {
      const { request_id: requestId, credential } = body;
      if (!requestId) throw passkeyRefusals.invalid_webauthn_authentication();
      const proof = { client: caller.client, requestId, credential, origin: deps.issuer, request: facts };
      const started = await finishAuthentication(deps.passkeys.finish, { ...proof, carrier: 'page-cookie' });
      const { location, onward } = await enter(deps, caller, { started, request: facts });
      return reply({ body: { location }, cookies: deps.answers.cookiesOf(caller, onward) });
    },
  });
  return [begin, finish];
}
