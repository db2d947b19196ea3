// For every kind of one-time value: how to come by a new one, and how to take it. `rounds` of a race differ in nothing but their number.
import { accept, codeAt, invite, login, PASSWORD, tokenOf } from '../kit/administrators.ts';
import type { Authenticator } from '../kit/authenticator.ts';
import { createPasskeyDriver } from '../kit/passkey-driver.ts';
import type { Answer } from '../kit/test-server.ts';
import type { NodesApart } from './nodes-apart.ts';

/** Takes one value; called by many at the same moment. */
export type Take = (taker: number) => Promise<Answer>;

/** Makes a new value and answers how it is taken. */
export type Race = (on: NodesApart, round: number) => Promise<Take>;

const asAsked = { 'content-type': 'application/json' };

async function signIn(on: NodesApart, email: string): Promise<Answer> {
  await on.ask('/email/start', { body: { email } });
  return on.ask('/email/verify', { body: { email, code: await on.codeFor(email) } });
}

const registered = new WeakMap<NodesApart, Promise<Authenticator>>();

/** One passkey for all rounds. */
function passkeyOn(on: NodesApart): Promise<Authenticator> {
  const known = registered.get(on) ?? registerPasskey(on);
  registered.set(on, known);
  return known;
}

async function registerPasskey(on: NodesApart): Promise<Authenticator> {
  const passkeys = createPasskeyDriver(on);
  const authenticator = passkeys.authenticator();
  const { access_token } = (await signIn(on, 'passkey@example.com')).body;
  const answer = await passkeys.register(access_token, authenticator);
  if (answer.status !== 201 && answer.status !== 200) throw new Error(`no passkey: ${answer.text}`);
  return authenticator;
}

/** Somebody new who administers, and their authenticator app. */
async function administrator(on: NodesApart, email: string): Promise<string> {
  return accept(on, await invite(on, email, { roles: ['support_admin'] }));
}

const APPS = 5;

/** By the name under which the code declares the kind. */
export const races: Record<string, Race> = {
  async email_code(on, round) {
    const email = `code${round}@example.com`;
    await on.ask('/email/start', { body: { email } });
    const body = { email, code: await on.codeFor(email) };
    return () => on.ask('/email/verify', { body });
  },
  async refresh_token(on, round) {
    const { session_id, refresh_token } = (await signIn(on, `refresh${round}@example.com`)).body;
    return () => on.ask('/session/refresh', { body: { session_id, refresh_token } });
  },
  async passkey_challenge(on) {
    const passkeys = createPasskeyDriver(on);
    const authenticator = await passkeyOn(on);
    const options = (await passkeys.authenticateOptions()).body;
    const credential = authenticator.authenticate(options.publicKey);
    return () => passkeys.verify(options.request_id, credential);
  },
  async admin_invitation(on, round) {
    const token = tokenOf(await invite(on, `invited${round}@example.com`, { roles: ['support_admin'] }));
    const started: Answer['body'][] = [];
    for (let app = 0; app < APPS; app++) {
      started.push((await on.ask('/api/admin/auth/invitation', { body: { token, password: PASSWORD } })).body);
    }
    return (taker) => {
      const { challenge_token, totp } = started[taker % APPS];
      const body = { challenge_token, code: codeAt(on, totp.secret) };
      return on.ask('/api/admin/auth/invitation/confirm', { body, headers: asAsked });
    };
  },
  async admin_challenge(on, round) {
    const email = `challenge${round}@example.com`;
    const secret = await administrator(on, email);
    const { challenge_token } = (await login(on, email)).body;
    // The code of the step in which they accepted is spent.
    const body = { challenge_token, code: codeAt(on, secret, 1) };
    return () => on.ask('/api/admin/auth/mfa', { body });
  },
  async totp_step(on, round) {
    const email = `app${round}@example.com`;
    const secret = await administrator(on, email);
    const challenges: string[] = [];
    for (let at = 0; at < APPS; at++) challenges.push((await login(on, email)).body.challenge_token);
    const code = codeAt(on, secret, 1);
    return (taker) =>
      on.ask('/api/admin/auth/mfa', { body: { challenge_token: challenges[taker % APPS], code }, headers: asAsked });
  },
};

/** How those are refused who come too late: by the value itself, not by a limit that stands before it. */
export const refusalsOf: Record<string, readonly string[]> = {
  email_code: ['invalid_email_otp'],
  refresh_token: [],
  passkey_challenge: ['invalid_webauthn_authentication'],
  admin_invitation: ['invalid_invitation', 'invalid_admin_challenge'],
  // The code that was right is spent with the challenge.
  admin_challenge: ['invalid_admin_challenge', 'invalid_admin_factor'],
  totp_step: ['invalid_admin_challenge', 'invalid_admin_factor'],
};
