import type { Send } from './http.ts';
import type { Session } from './session.ts';
import type { SessionState } from './session-state.ts';

/** Sign-in with a code sent by e-mail. */
export type EmailSignIn = {
  /** Has a code sent to the address, and answers alike whether or not it has an account. */
  start(input: { readonly email: string }): Promise<{ readonly ok: true }>;
  /** Signs in with the code; resolves only after `/me` is loaded. */
  verify(input: { readonly email: string; readonly code: string }): Promise<SessionState>;
};

/** Creates sign-in by e-mail code. */
export function createEmailSignIn(send: Send, session: Session): EmailSignIn {
  return {
    async start({ email }) {
      await send({ path: '/email/start', body: { email } });
      return { ok: true };
    },
    async verify({ email, code }) {
      return session.signIn(await send({ path: '/email/verify', body: { email, code } }));
    },
  };
}
