// The acts that the proofs do over and over, each as its client does it.
import type { Authenticator } from '../../kit/authenticator.ts';
import { act, asAdmin, attempt, CLIENT, type Done, type Scene, type Server } from './act.ts';
import type { About, Act } from './ledger.ts';

/** What a sign-in hands out. */
export interface Held {
  user: string;
  session: string;
  refresh: string;
  access: string;
}

/** The tokens in an answer. */
export function heldIn(body: Done['body']): Held {
  return { user: body.user.id, session: body.session_id, refresh: body.refresh_token, access: body.access_token };
}

const learnSession = (body: Done['body']): About => {
  const { user, session, refresh } = heldIn(body);
  return { user, session, newToken: refresh };
};

export function signIn(scene: Scene, about: { email: string; code: string }): Promise<Done> {
  return act(scene, { op: 'sign_in', about, learn: learnSession }, { path: '/email/verify', body: about });
}

export function refresh(scene: Scene, { user, session, refresh: token }: Held): Promise<Done> {
  const learn = (body: Done['body']) => ({ newToken: body.refresh_token as string });
  const body = { session_id: session, refresh_token: token };
  return act(scene, { op: 'refresh', about: { user, session, token }, learn }, { path: '/session/refresh', body });
}

export function signOut(scene: Scene, { user, session, access }: Held): Promise<Done> {
  return act(scene, { op: 'sign_out', about: { user, session } }, { path: '/session/logout', bearer: access });
}

/** An administrator ends one session. */
export function revoke(scene: Scene, { user, session }: Held): Promise<Done> {
  const path = `${CLIENT}/users/${user}/sessions/${session}`;
  return act(scene, { op: 'revoke', about: { user, session } }, { method: 'DELETE', path, headers: asAdmin });
}

/** An administrator suspends a user, which ends every session of theirs. */
export function suspend(scene: Scene, { user }: Pick<Held, 'user'>): Promise<Done> {
  const request = { method: 'PATCH', path: `${CLIENT}/users/${user}`, body: { status: 'suspended' }, headers: asAdmin };
  return act(scene, { op: 'suspend', about: { user } }, request);
}

/** Adds a passkey; `credential` is the answer of the authenticator, for those who try it a second time. */
export async function addPasskey(scene: Scene, held: Held, authenticator: Authenticator): Promise<Done> {
  const path = '/webauthn/register/options';
  const options = (await attempt(scene.server, { path, body: {}, bearer: held.access })).body;
  const credential = authenticator.register(options.publicKey);
  const about = { user: held.user };
  const learn = (body: Done['body']) => ({ passkey: body.passkey.id as string });
  const request = { path: '/webauthn/register/verify', body: { request_id: options.request_id, credential } };
  return act(scene, { op: 'add_passkey', about, learn }, { ...request, bearer: held.access });
}

export function removePasskey(scene: Scene, { user, access }: Held, passkey: string): Promise<Done> {
  const request = { method: 'DELETE', path: `/webauthn/credentials/${passkey}`, bearer: access };
  return act(scene, { op: 'remove_passkey', about: { user, passkey } }, request);
}

/** What a passkey that does not count presents every time: then its challenge alone protects an answer from being taken twice. */
const UNCOUNTED = { counter: 0 };

/** The body of a sign-in with a passkey, from options to answer. */
export async function assertionOf(server: Server, authenticator: Authenticator): Promise<object> {
  const options = (await attempt(server, { path: '/webauthn/authenticate/options', body: {} })).body;
  return { request_id: options.request_id, credential: authenticator.authenticate(options.publicKey, UNCOUNTED) };
}

export async function signInWithPasskey(scene: Scene, passkey: string, authenticator: Authenticator): Promise<Done> {
  const body = await assertionOf(scene.server, authenticator);
  const request = { path: '/webauthn/authenticate/verify', body };
  return act(scene, { op: 'passkey_sign_in', about: { passkey }, learn: learnSession }, request);
}

export function rotateApiKey(scene: Scene): Promise<Done> {
  const request = { path: `${CLIENT}/rotate-api-key`, body: {}, headers: asAdmin };
  const learn = (body: Done['body']) => ({ key: body.api_key as string });
  return act(scene, { op: 'rotate_api_key', about: {}, learn }, request);
}

/** The event that each act leaves in the audit log. */
export const eventOf: Record<Act['op'], string> = {
  sign_in: 'login_success',
  passkey_sign_in: 'login_success',
  refresh: 'session_refreshed',
  sign_out: 'logout_success',
  revoke: 'session_revoked',
  suspend: 'user_updated',
  add_passkey: 'passkey_added',
  remove_passkey: 'passkey_removed',
  rotate_api_key: 'client_api_key_rotated',
};
