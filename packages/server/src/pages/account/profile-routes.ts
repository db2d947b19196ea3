import { Type } from 'typebox';
import { changeDisplayName } from '../../identity/users/index.ts';
import { defineRoute, type Route } from '../../platform/http/index.ts';
import { type Answers, type PageUser, readField } from '../frame/index.ts';
import type { PageDeps } from '../page-deps.ts';
import { readAccount } from './read-account.ts';
import { renderAccount } from './render-account.ts';

type Deps = PageDeps & { answers: Answers };

const base = { kind: 'page', access: 'page_user', tag: 'Pages', responses: { 200: Type.String() } } as const;
const LONGEST_NAME = 200;

export function profileRoutes(deps: Deps): Route[] {
  const { answers } = deps;
  const viewOf = async (caller: PageUser, refused: { name: string; problem: string } | null = null) => ({
    title: caller.messages.accountPage.title,
    path: '/account',
    isWide: true,
    body: renderAccount(caller, await readAccount(deps, caller), refused),
  });
  const show = defineRoute({
    ...base,
    method: 'GET',
    path: '/account',
    summary: 'The account page',
    async handle({ caller }) {
      const { flow } = caller;
      return answers.show(caller, await viewOf(caller), flow.notice ? { flow: { ...flow, notice: null } } : {});
    },
  });
  const rename = defineRoute({
    ...base,
    method: 'POST',
    path: '/account/name',
    summary: 'Change the name',
    async handle({ caller, body, facts }) {
      const { user } = caller.session;
      const name = readField(body, 'display_name').trim();
      if (name.length > LONGEST_NAME) {
        const problem = caller.messages.accountPage.nameTooLong;
        return answers.show(caller, { ...(await viewOf(caller, { name, problem })), status: 400 });
      }
      const own = { clientId: user.clientId, userId: user.id, request: facts };
      await changeDisplayName(deps, { ...own, displayName: name === '' ? null : name });
      return answers.lead(caller, '/account', { flow: { ...caller.flow, notice: 'name_saved' } });
    },
  });
  return [show, rename];
}
