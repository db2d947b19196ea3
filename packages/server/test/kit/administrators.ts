import { codeOf, stepAt } from '../../src/identity/totp/one-time-code.ts';
import type { AdminRole } from '../../src/operations/admins/permissions-policy.ts';
import type { Answer, TestServer } from './test-server.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const STEP_MS = 30_000;

/** A password that no list has. */
export const PASSWORD = 'a tidy gatehouse for tests';

export interface WireScope {
  kind: string;
  client_id?: string;
  organization_id?: string;
}

/** Somebody who administers, with the authenticator app in hand. */
export interface Person {
  id: string;
  email: string;
  secret: string;
  token: string;
}

export function readBase32(text: string): Buffer {
  const bits = [...text].map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

/** Any server that can be asked, and knows the time. */
type Server = Pick<TestServer, 'ask' | 'askAsOwner'> & { clock: { now(): number } };

/** The code an authenticator app would show now, or `away` steps from now. */
export function codeAt(server: Pick<Server, 'clock'>, secret: string, away = 0): string {
  return codeOf(readBase32(secret), stepAt(server.clock.now()) + away);
}

/** The code of a step in which none was used yet: time passes. */
export function nextCode(server: TestServer, secret: string): string {
  server.clock.advance(STEP_MS);
  return codeAt(server, secret);
}

export function invite(
  server: Pick<Server, 'askAsOwner'>,
  email: string,
  { roles = ['owner'], scope = { kind: 'all' } }: { roles?: AdminRole[]; scope?: WireScope } = {},
): Promise<Answer> {
  return server.askAsOwner('/api/admin/users', { body: { email, roles, scope } });
}

/** The token in the link of an invitation. */
export function tokenOf(invited: Answer): string {
  return new URL(invited.body.invitation.url).searchParams.get('token') ?? '';
}

/** Accepts an invitation to its end; returns the secret of the authenticator app. */
export async function accept(server: Server, invited: Answer, password = PASSWORD): Promise<string> {
  const body = { token: tokenOf(invited), password };
  const started = (await server.ask('/api/admin/auth/invitation', { body })).body;
  const code = codeAt(server, started.totp.secret);
  const confirm = { challenge_token: started.challenge_token, code };
  const confirmed = await server.ask('/api/admin/auth/invitation/confirm', { body: confirm });
  if (confirmed.status !== 200) throw new Error(`the invitation was not accepted: ${confirmed.text}`);
  return started.totp.secret;
}

export function login(server: Pick<Server, 'ask'>, email: string, password = PASSWORD): Promise<Answer> {
  return server.ask('/api/admin/auth/login', { body: { email, password } });
}

/** Signs in with password and code. */
export async function signInAdministrator(server: TestServer, of: { email: string; secret: string }): Promise<Answer> {
  const { challenge_token } = (await login(server, of.email)).body;
  const code = nextCode(server, of.secret);
  return server.ask('/api/admin/auth/mfa', { body: { challenge_token, code } });
}

/** Invites somebody, accepts in their name and signs them in. */
export async function createAdministrator(
  server: TestServer,
  email: string,
  of: { roles?: AdminRole[]; scope?: WireScope } = {},
): Promise<Person> {
  const invited = await invite(server, email, of);
  const { id } = invited.body.administrator;
  const secret = await accept(server, invited);
  const token = (await signInAdministrator(server, { email, secret })).body.access_token;
  return { id, email, secret, token };
}
