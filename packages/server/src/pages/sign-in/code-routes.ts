import { Type } from 'typebox';
import { verifyEmailCode } from '../../identity/email-codes/index.ts';
import { defineRoute, type Html, type Reply, type Route } from '../../platform/http/index.ts';
import { Refusal } from '../../platform/refusals/index.ts';
import { type Answers, type PageCaller, readField, type SignInProgress } from '../frame/index.ts';
import type { PageDeps } from '../page-deps.ts';
import { formOriginsOf, sendCode } from './address-routes.ts';
import { enter } from './enter.ts';
import { explainRefusal } from './explain-refusal.ts';
import { renderCode, wrongCode } from './render-code.ts';

type Deps = PageDeps & { answers: Answers };
type CodeSent = SignInProgress & { email: string };

const base = { kind: 'page', access: 'page', tag: 'Pages', responses: { 200: Type.String() } } as const;
const MINUTE_MS = 60_000;

interface Showing {
  progress: CodeSent;
  typed?: string;
  problem?: Html | string;
  notice?: string | null;
  status?: number;
}

function showCode(deps: Deps, caller: PageCaller, showing: Showing): Reply {
  const { progress, typed = '', problem = null, notice = null, status = 200 } = showing;
  const body = renderCode(caller, {
    mark: deps.answers.mark(caller),
    email: progress.email,
    minutes: Math.round(deps.emailCodes.codeRules.ttlMs / MINUTE_MS),
    typed,
    problem,
    notice,
  });
  const formOrigins = formOriginsOf(progress, deps.issuer);
  const view = { title: caller.messages.codePage.title, path: '/login/code', body, status, formOrigins };
  const flow = { ...caller.flow, notice: null };
  return deps.answers.show(caller, view, caller.flow.notice ? { flow } : {});
}

/** The sign-in whose code is awaited; null when this browser has asked for none, or too long ago. */
function awaited({ flow }: PageCaller): CodeSent | null {
  const { signIn } = flow;
  return signIn?.email ? { ...signIn, email: signIn.email } : null;
}

/** Shows the page again with what the refusal means; a wrong code says how many tries are left. */
function showRefused(deps: Deps, caller: PageCaller, of: { progress: CodeSent; typed: string; error: unknown }): Reply {
  const { progress, typed, error } = of;
  if (error instanceof Refusal && error.code === 'invalid_email_otp') {
    const problem = wrongCode(caller, Number(error.body.tries_left ?? 0));
    return showCode(deps, caller, { progress, typed, problem, status: error.status });
  }
  const { refusal, sentence } = explainRefusal(error, caller.messages);
  return showCode(deps, caller, { progress, typed, problem: sentence, status: refusal.status });
}

function showRoute(deps: Deps): Route {
  return defineRoute({
    ...base,
    method: 'GET',
    path: '/login/code',
    summary: 'The page that asks for the code',
    handle({ caller }) {
      const progress = awaited(caller);
      if (!progress) return deps.answers.lead(caller, '/login');
      const notice = caller.flow.notice === 'code_sent_again' ? caller.messages.codePage.sentAgain : null;
      return showCode(deps, caller, { progress, notice });
    },
  });
}

function verifyRoute(deps: Deps): Route {
  return defineRoute({
    ...base,
    method: 'POST',
    path: '/login/code',
    summary: 'Sign in with the code',
    async handle({ caller, body, facts }) {
      const progress = awaited(caller);
      if (!progress) return deps.answers.lead(caller, '/login');
      const typed = readField(body, 'code').slice(0, 20);
      const code = typed.replace(/[\s-]/g, '');
      // Half a code is a slip of the finger, not a guess: it costs no try.
      if (!/^\d{6}$/.test(code)) {
        const problem = caller.messages.codePage.incomplete;
        return showCode(deps, caller, { progress, typed, problem, status: 400 });
      }
      try {
        const { client, flow } = caller;
        const guess = { client, email: progress.email, code, flow: flow.secret, carrier: 'page-cookie' as const };
        const started = await verifyEmailCode(deps.emailCodes, { ...guess, request: facts });
        const { location, onward } = await enter(deps, caller, { started, request: facts });
        return deps.answers.lead(caller, location, onward);
      } catch (error) {
        return showRefused(deps, caller, { progress, typed, error });
      }
    },
  });
}

function sendAgainRoute(deps: Deps): Route {
  return defineRoute({
    ...base,
    method: 'POST',
    path: '/login/code/new',
    summary: 'Send a new code',
    async handle({ caller, facts }) {
      const progress = awaited(caller);
      if (!progress) return deps.answers.lead(caller, '/login');
      try {
        const signIn = await sendCode(deps, caller, { email: progress.email, progress, facts });
        const flow = { ...caller.flow, signIn, notice: 'code_sent_again' as const };
        return deps.answers.lead(caller, '/login/code', { flow });
      } catch (error) {
        return showRefused(deps, caller, { progress, typed: '', error });
      }
    },
  });
}

export function codeRoutes(deps: Deps): Route[] {
  return [showRoute(deps), verifyRoute(deps), sendAgainRoute(deps)];
}
