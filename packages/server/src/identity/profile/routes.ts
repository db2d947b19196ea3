import { Me, Profile, ProfileChange, User as UserShape } from '@gatehouse/protocol';
import type { Clock } from '../../platform/clock/index.ts';
import type { Database } from '../../platform/database/index.ts';
import type { Announce } from '../../platform/events/index.ts';
import { defineRoute, type Route } from '../../platform/http/index.ts';
import { listPasskeys } from '../passkeys/index.ts';
import { listSessions, presentSession, type SessionCaller, sessionRefusals } from '../sessions/index.ts';
import { changeDisplayName, findUser, presentUser, type User } from '../users/index.ts';

export interface ProfileDeps {
  clock: Clock;
  database: Database;
  announce: Announce;
}

const iso = (at: number) => new Date(at).toISOString();

async function userOf(deps: ProfileDeps, caller: SessionCaller): Promise<User> {
  const user = await findUser(deps.database.read, { clientId: caller.client.id, id: caller.userId });
  if (user?.status !== 'active') throw sessionRefusals.invalid_access_token();
  return user;
}

function directRoute(deps: ProfileDeps): Route {
  return defineRoute({
    method: 'GET',
    path: '/me',
    access: 'direct_user',
    tag: 'Direct paths',
    summary: 'The signed-in user, their passkeys and sessions',
    responses: { 200: Me },
    async handle({ caller }) {
      const own = { clientId: caller.client.id, userId: caller.userId };
      const [user, passkeys, sessions] = await Promise.all([
        userOf(deps, caller),
        listPasskeys(deps.database, own),
        listSessions(deps, own),
      ]);
      return {
        user_id: user.id,
        email: user.email,
        webauthn_credentials: passkeys.map((passkey) => ({
          id: passkey.id,
          credential_id: passkey.credentialId,
          transports: passkey.transports,
          created_at: iso(passkey.createdAt),
        })),
        active_sessions: sessions.map(({ id, createdAt, expiresAt }) => ({
          id,
          created_at: iso(createdAt),
          expires_at: iso(expiresAt),
        })),
      };
    },
  });
}

function readRoute(deps: ProfileDeps): Route {
  return defineRoute({
    method: 'GET',
    path: '/api/auth/me',
    access: 'user',
    cors: 'cookies',
    tag: 'Profile',
    summary: 'The signed-in user and this session',
    responses: { 200: Profile },
    async handle({ caller }) {
      const own = { clientId: caller.client.id, userId: caller.userId };
      const [user, sessions] = await Promise.all([userOf(deps, caller), listSessions(deps, own)]);
      const session = sessions.find((one) => one.id === caller.sessionId);
      if (!session) throw sessionRefusals.session_invalidated();
      return { user: presentUser(user), session: presentSession(session, caller.sessionId) };
    },
  });
}

function changeRoute(deps: ProfileDeps): Route {
  return defineRoute({
    method: 'PATCH',
    path: '/api/auth/me',
    access: 'user',
    cors: 'cookies',
    tag: 'Profile',
    summary: 'Change the profile',
    body: ProfileChange,
    responses: { 200: UserShape },
    async handle({ caller, body, facts }) {
      if (body.display_name === undefined) return presentUser(await userOf(deps, caller));
      const change = {
        clientId: caller.client.id,
        userId: caller.userId,
        displayName: body.display_name,
        request: facts,
      };
      const user = await changeDisplayName(deps, change);
      if (!user) throw sessionRefusals.invalid_access_token();
      return presentUser(user);
    },
  });
}

/** `/me` and `/api/auth/me`. */
export function profileRoutes(deps: ProfileDeps): Route[] {
  return [directRoute(deps), readRoute(deps), changeRoute(deps)];
}
