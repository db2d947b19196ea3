import { PasskeyOptions, RegistrationFinish } from '@gatehouse/protocol';
import { Type } from 'typebox';
import { beginRegistration, finishRegistration, requireRecentSignIn } from '../../identity/passkeys/index.ts';
import { defineRoute, type Route, reply } from '../../platform/http/index.ts';
import type { Answers } from '../frame/index.ts';
import type { PageDeps } from '../page-deps.ts';

type Deps = PageDeps & { answers: Answers };

const base = { method: 'POST', access: 'page_user', cors: 'nobody', tag: 'Pages' } as const;

/** What the script of the account page calls to add a passkey. Both halves throw reauthentication_required. */
export function addPasskeyRoutes(deps: Deps): Route[] {
  const begin = defineRoute({
    ...base,
    path: '/account/passkeys/options',
    summary: 'Start adding a passkey',
    responses: { 200: PasskeyOptions },
    async handle({ caller: { client, session } }) {
      requireRecentSignIn(deps.clock, session.session.created_at);
      const input = { client, user: session.user, origin: deps.issuer, rpId: undefined };
      const { requestId, publicKey } = await beginRegistration(deps.passkeys.begin, input);
      return { request_id: requestId, publicKey };
    },
  });
  const finish = defineRoute({
    ...base,
    path: '/account/passkeys',
    summary: 'Finish adding a passkey',
    body: RegistrationFinish,
    responses: { 200: Type.Object({ location: Type.String() }) },
    async handle({ caller, body, facts }) {
      const { client, session, flow } = caller;
      requireRecentSignIn(deps.clock, session.session.created_at);
      const { request_id: requestId, credential, name } = body;
      const proof = { client, userId: session.user.id, requestId, credential, origin: deps.issuer, name };
      const { language: locale } = caller.messages;
      await finishRegistration({ ...deps, ...deps.passkeys.begin }, { ...proof, locale, request: facts });
      const cookies = deps.answers.cookiesOf(caller, { flow: { ...flow, notice: 'passkey_added' } });
      return reply({ body: { location: '/account' }, cookies });
    },
  });
  return [begin, finish];
}
