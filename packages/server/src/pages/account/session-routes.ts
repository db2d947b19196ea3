import { IdParameter } from '@gatehouse/protocol';
import { Type } from 'typebox';
import { endSession, endSessions } from '../../identity/sessions/index.ts';
import { defineRoute, type Route } from '../../platform/http/index.ts';
import type { Answers, PageUser } from '../frame/index.ts';
import type { PageDeps } from '../page-deps.ts';

type Deps = PageDeps & { answers: Answers };

const base = {
  method: 'POST',
  kind: 'page',
  access: 'page_user',
  tag: 'Pages',
  responses: { 303: Type.String() },
} as const;

export function sessionRoutes(deps: Deps): Route[] {
  const back = (caller: PageUser) =>
    deps.answers.lead(caller, '/account', { flow: { ...caller.flow, notice: 'signed_out_there' } });
  const ownOf = ({ session }: PageUser) => ({ clientId: session.user.clientId, userId: session.user.id });
  const endOne = defineRoute({
    ...base,
    path: '/account/sessions/:id/end',
    summary: 'Sign out in one place',
    params: IdParameter,
    async handle({ caller, params, facts }) {
      // One that is over already needs no ending: what was wanted is so.
      await endSession(deps, { ...ownOf(caller), id: params.id, reason: 'revoked', request: facts });
      return back(caller);
    },
  });
  const endOthers = defineRoute({
    ...base,
    path: '/account/sessions/end-others',
    summary: 'Sign out everywhere else',
    async handle({ caller, facts }) {
      const except = caller.session.session.id;
      await endSessions(deps, { ...ownOf(caller), except, reason: 'revoked', request: facts });
      return back(caller);
    },
  });
  return [endOne, endOthers];
}
