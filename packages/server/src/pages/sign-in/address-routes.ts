import { Type } from 'typebox';
import { sendEmailCode } from '../../identity/email-codes/index.ts';
import type { RequestFacts } from '../../platform/events/index.ts';
import { defineRoute, type Reply, type Route } from '../../platform/http/index.ts';
import { type Answers, type PageCaller, readField, type SignInProgress } from '../frame/index.ts';
import type { PageDeps } from '../page-deps.ts';
import { beginProgress } from './begin-progress.ts';
import { explainRefusal } from './explain-refusal.ts';
import { renderSignIn } from './render-sign-in.ts';

type Deps = PageDeps & { answers: Answers };

const base = { kind: 'page', access: 'page', tag: 'Pages', responses: { 200: Type.String() } } as const;

/** The origin a form of the sign-in may end at, besides this one. */
export function formOriginsOf(progress: SignInProgress | null, issuer: string): string[] {
  if (!progress?.returnTo) return [];
  const { origin } = new URL(progress.returnTo);
  return origin === issuer ? [] : [origin];
}

function showSignIn(
  deps: Deps,
  caller: PageCaller,
  of: { progress: SignInProgress; email: string; problem: string | null; status?: number },
): Reply {
  const { progress, email, problem, status = 200 } = of;
  const { answers } = deps;
  const parts = {
    mark: answers.mark(caller),
    brandName: answers.brandName(caller),
    email,
    again: progress.again,
    offers: { code: deps.loginMethods.allows('email_otp'), passkey: deps.loginMethods.allows('passkey') },
    problem,
  };
  const view = {
    title: caller.messages.signInPage.title,
    path: '/login',
    body: renderSignIn(caller, parts),
    status,
    formOrigins: formOriginsOf(progress, deps.issuer),
  };
  return answers.show(caller, view, { flow: { ...caller.flow, signIn: progress } });
}

/** Sends a code to `email` and remembers the address in this browser's flow. Throws what `sendEmailCode` throws. */
export async function sendCode(
  deps: Deps,
  caller: PageCaller,
  input: { email: string; progress: SignInProgress; facts: RequestFacts },
): Promise<SignInProgress> {
  const { messages, client, flow } = caller;
  const to = { client, email: input.email, locale: messages.language, flow: flow.secret, request: input.facts };
  const { email } = await sendEmailCode(deps.emailCodes, to);
  return { ...input.progress, email, startedAt: deps.clock.now() };
}

/** The sign-in under way, or a new one of this client for a form that was drawn long ago. */
function progressOf(deps: Deps, { flow, client }: PageCaller): SignInProgress {
  const fresh = { clientId: client.id, returnTo: null, again: false, startedAt: deps.clock.now(), email: null };
  return flow.signIn ?? fresh;
}

export function addressRoutes(deps: Deps): Route[] {
  const show = defineRoute({
    ...base,
    method: 'GET',
    path: '/login',
    summary: 'The sign-in page',
    async handle({ caller, query }) {
      const { client, progress } = await beginProgress(deps, caller, query);
      const isIn = caller.session?.session.client_id === client.id;
      if (isIn && !progress.again) return deps.answers.lead(caller, progress.returnTo ?? '/account');
      const known = progress.again && isIn ? caller.session?.user.email : progress.email;
      return showSignIn(deps, { ...caller, client }, { progress, email: known ?? '', problem: null });
    },
  });
  const send = defineRoute({
    ...base,
    method: 'POST',
    path: '/login',
    summary: 'Send a code',
    async handle({ caller, body, facts }) {
      const email = readField(body, 'email');
      const progress = progressOf(deps, caller);
      try {
        const signIn = await sendCode(deps, caller, { email, progress, facts });
        return deps.answers.lead(caller, '/login/code', { flow: { ...caller.flow, signIn } });
      } catch (error) {
        const { refusal, sentence } = explainRefusal(error, caller.messages);
        return showSignIn(deps, caller, { progress, email, problem: sentence, status: refusal.status });
      }
    },
  });
  return [show, send];
}
