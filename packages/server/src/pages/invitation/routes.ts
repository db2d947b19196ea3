import { Type } from 'typebox';
import {
  confirmAcceptance,
  showAcceptance,
  showInvitation,
  startAcceptance,
} from '../../operations/admin-sign-in/index.ts';
import { defineRoute, type Reply, type Route, reply } from '../../platform/http/index.ts';
import { Refusal } from '../../platform/refusals/index.ts';
import { type Answers, fillText, newFlow, type PageCaller, readField } from '../frame/index.ts';
import type { PageDeps } from '../page-deps.ts';
import { explainRefusal } from '../sign-in/index.ts';
import { renderApp, renderOutcome, renderPassword } from './render-invitation.ts';
import { renderQrCode } from './render-qr-code.ts';

type Deps = PageDeps & { answers: Answers };

const PATH = '/admin/invitation';
const base = { kind: 'page', access: 'page', tag: 'Pages', responses: { 200: Type.String() } } as const;

function isRefusal(error: unknown, ...codes: string[]): error is Refusal {
  return error instanceof Refusal && codes.includes(error.code);
}

function showGone({ answers }: Deps, caller: PageCaller): Reply {
  const { goneHeading: title } = caller.messages.invitationPage;
  const body = renderOutcome(caller, answers.mark(caller), 'gone');
  return answers.show(caller, { title, path: PATH, body, status: 400 });
}

/** What was wrong with the form just sent; nothing when a page is opened. */
const NO_PROBLEM = { problem: null, status: 200 };

interface Problem {
  problem: string | null;
  status: number;
}

async function showPassword(deps: Deps, caller: PageCaller, { problem, status }: Problem): Promise<Reply> {
  const { answers } = deps;
  try {
    const email = await showInvitation(deps.invitations, caller.flow.invitation ?? '');
    const parts = { mark: answers.mark(caller), brandName: answers.brandName(caller), problem, email };
    const { title } = caller.messages.invitationPage;
    return answers.show(caller, { title, path: PATH, body: renderPassword(caller, parts), status });
  } catch (error) {
    if (isRefusal(error, 'invalid_invitation')) return showGone(deps, caller);
    throw error;
  }
}

async function showApp(deps: Deps, caller: PageCaller, { problem, status }: Problem): Promise<Reply> {
  const { answers } = deps;
  try {
    const { secret, otpauthUrl } = await showAcceptance(deps.invitations, caller.flow.acceptance ?? '');
    const { appHeading: title, qrCode: label } = caller.messages.invitationPage;
    const qrCode = await renderQrCode(otpauthUrl, label);
    const body = renderApp(caller, { mark: answers.mark(caller), problem, qrCode, secret });
    return answers.show(caller, { title, path: `${PATH}/app`, body, status });
  } catch (error) {
    // Too slow, or another window was faster: the link says which.
    if (isRefusal(error, 'invalid_admin_challenge')) return answers.lead(caller, PATH);
    throw error;
  }
}

/** What is wrong with a password, in the language of the page. */
function sentenceOf(caller: PageCaller, refusal: Refusal): string {
  const { flaws } = caller.messages.invitationPage;
  const known: Record<string, string> = flaws;
  return fillText(known[String(refusal.body.reason)] ?? flaws.common, { minimum: Number(refusal.body.minimum) });
}

function openRoute(deps: Deps): Route {
  return defineRoute({
    ...base,
    method: 'GET',
    path: PATH,
    summary: 'Where the link of an invitation leads',
    handle({ caller, query }) {
      if (typeof query.token !== 'string') return showPassword(deps, caller, NO_PROBLEM);
      const flow = { ...caller.flow, invitation: query.token.slice(0, 512), acceptance: '' };
      const lead = deps.answers.lead(caller, PATH, { flow });
      return reply({ ...lead, headers: { ...lead.headers, 'referrer-policy': 'no-referrer' } });
    },
  });
}

function passwordRoute(deps: Deps): Route {
  return defineRoute({
    ...base,
    method: 'POST',
    path: PATH,
    summary: 'Choose the password',
    async handle({ caller, body }) {
      const token = caller.flow.invitation ?? '';
      try {
        const password = readField(body, 'password').slice(0, 1024);
        const { challengeToken } = await startAcceptance(deps.invitations, { token, password });
        return deps.answers.lead(caller, `${PATH}/app`, { flow: { ...caller.flow, acceptance: challengeToken } });
      } catch (error) {
        if (isRefusal(error, 'invalid_invitation')) return showGone(deps, caller);
        if (isRefusal(error, 'password_refused'))
          return showPassword(deps, caller, { problem: sentenceOf(caller, error), status: 400 });
        const { refusal, sentence } = explainRefusal(error, caller.messages);
        return showPassword(deps, caller, { problem: sentence, status: refusal.status });
      }
    },
  });
}

function appRoute(deps: Deps): Route {
  return defineRoute({
    ...base,
    method: 'GET',
    path: `${PATH}/app`,
    summary: 'The page that shows the secret of the authenticator app',
    handle: ({ caller }) => showApp(deps, caller, NO_PROBLEM),
  });
}

function confirmRoute(deps: Deps): Route {
  return defineRoute({
    ...base,
    method: 'POST',
    path: `${PATH}/app`,
    summary: 'Finish with a first code',
    async handle({ caller, body, facts }) {
      const code = readField(body, 'code').slice(0, 20).replace(/[\s-]/g, '');
      const { wrongCode } = caller.messages.invitationPage;
      // Half a code is a slip of the finger, not a guess: it costs no try.
      if (!/^\d{6}$/.test(code)) return showApp(deps, caller, { problem: wrongCode, status: 400 });
      try {
        const challengeToken = caller.flow.acceptance ?? '';
        await confirmAcceptance(deps.invitations, { challengeToken, code, request: facts });
        return deps.answers.lead(caller, `${PATH}/done`, { flow: newFlow() });
      } catch (error) {
        if (isRefusal(error, 'invalid_admin_challenge', 'invalid_invitation')) return deps.answers.lead(caller, PATH);
        if (isRefusal(error, 'invalid_admin_factor'))
          return showApp(deps, caller, { problem: wrongCode, status: error.status });
        const { refusal, sentence } = explainRefusal(error, caller.messages);
        return showApp(deps, caller, { problem: sentence, status: refusal.status });
      }
    },
  });
}

function doneRoute({ answers }: Deps): Route {
  return defineRoute({
    ...base,
    method: 'GET',
    path: `${PATH}/done`,
    summary: 'The end of an invitation',
    handle({ caller }) {
      const { doneHeading: title } = caller.messages.invitationPage;
      return answers.show(caller, {
        title,
        path: `${PATH}/done`,
        body: renderOutcome(caller, answers.mark(caller), 'done'),
      });
    },
  });
}

/** `/admin/invitation`. */
export function invitationRoutes(deps: Deps): Route[] {
  return [openRoute, passwordRoute, appRoute, confirmRoute, doneRoute].map((route) => route(deps));
}
