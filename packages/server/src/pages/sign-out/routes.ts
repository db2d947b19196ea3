import { Type } from 'typebox';
import { endSession } from '../../identity/sessions/index.ts';
import { defineRoute, type Html, html, type Route } from '../../platform/http/index.ts';
import { type Answers, fillSentence, newFlow, type PageCaller, renderForm } from '../frame/index.ts';
import type { PageDeps } from '../page-deps.ts';

type Deps = PageDeps & { answers: Answers };

const base = { kind: 'page', access: 'page', tag: 'Pages', responses: { 200: Type.String() } } as const;

function renderQuestion(caller: PageCaller, mark: Html): Html {
  const texts = caller.messages.signOutPage;
  const email = html`<strong>${caller.session?.user.email}</strong>`;
  const body = html`<button class="primary">${texts.signOut}</button>
<a class="button plain" href="/account">${texts.stay}</a>`;
  return html`<section class="card">${mark}<h1>${texts.heading}</h1>
<p class="soft">${fillSentence(texts.text, { email })}</p>${renderForm({ action: '/logout', token: caller.token, body })}</section>`;
}

function renderDone(caller: PageCaller, mark: Html): Html {
  const texts = caller.messages.signOutPage;
  return html`<section class="card">${mark}<h1>${texts.doneTitle}</h1><p class="soft">${texts.doneText}</p>
<p class="actions"><a class="button plain" href="/login">${texts.signIn}</a></p></section>`;
}

/** `/logout`. */
export function signOutRoutes(deps: Deps): Route[] {
  const { answers } = deps;
  const ask = defineRoute({
    ...base,
    method: 'GET',
    path: '/logout',
    summary: 'Asks whether to sign out',
    handle({ caller }) {
      const mark = answers.mark(caller);
      const { title, doneTitle } = caller.messages.signOutPage;
      return caller.session
        ? answers.show(caller, { title, path: '/logout', body: renderQuestion(caller, mark) })
        : answers.show(caller, { title: doneTitle, path: '/logout', body: renderDone(caller, mark) });
    },
  });
  const end = defineRoute({
    ...base,
    method: 'POST',
    path: '/logout',
    summary: 'Ends the session of this browser',
    async handle({ caller, facts }) {
      const session = caller.session?.session;
      if (session) {
        const own = { clientId: session.client_id, userId: session.user_id, id: session.id };
        await endSession(deps, { ...own, reason: 'logout', request: facts });
      }
      return answers.lead(caller, '/logout', { flow: newFlow(), cookies: [answers.sessionCookie('', 0)] });
    },
  });
  return [ask, end];
}
