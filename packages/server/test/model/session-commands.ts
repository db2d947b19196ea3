import { equal } from 'node:assert/strict';
import type { Real } from './real.ts';
import { type Step, sessionAt, step } from './sign-in-commands.ts';
import {
  accessOf,
  endAll,
  forgetUser,
  isSignedIn,
  judgeRefresh,
  SECOND,
  type Session,
  type User,
  type World,
} from './world.ts';

type Which = 'current' | 'previous' | 'older';

function tokenOf(session: Session | undefined, which: Which): string | null {
  if (!session) return null;
  return { current: session.token, previous: session.previous?.token ?? null, older: session.older.at(-1) ?? null }[
    which
  ];
}

function rotate(world: World, session: Session, token: string): void {
  if (session.previous) session.older.push(session.previous.token);
  session.previous = { token, replacedAt: world.now };
  session.lastUsedAt = world.now;
  session.token = null;
  world.events.push('session_refreshed');
}

/** A refresh with the token in force, the one before or an older one; a `lost` answer is never read. */
export function refresh(at: number, which: Which, lost: boolean): Step {
  return step(`refresh(${at}, '${which}', ${lost})`, {
    check: (world) => tokenOf(sessionAt(world, at), which) !== null,
    async run(world, real) {
      const session = sessionAt(world, at) as Session;
      const token = tokenOf(session, which) as string;
      const verdict = judgeRefresh(world, session, token);
      const { status, body } = await real.ask('/session/refresh', {
        body: { session_id: session.id, refresh_token: token },
      });
      const isGood = verdict === 'rotated' || verdict === 'repeated';
      equal(isGood && status === 200 ? verdict : body.error, verdict, 'a refresh');
      if (verdict === 'refresh_token_reused') {
        session.ended = true;
        world.events.push('refresh_token_reuse');
      }
      if (verdict === 'rotated') rotate(world, session, token);
      if (verdict === 'repeated' && session.token !== null)
        equal(body.refresh_token, session.token, 'the same successor');
      if (isGood && !lost) {
        session.token = body.refresh_token;
        session.access = accessOf(world, body.access_token, session.createdAt);
      }
    },
  });
}

/** Something that a person does from one of their sessions; the answer is 401 where they are not signed in. */
function act(
  name: string,
  at: number,
  run: (world: World, real: Real, session: Session) => Promise<{ status: number; expected: number }>,
): Step {
  return step(`${name}(${at})`, {
    check: (world) => sessionAt(world, at) !== undefined,
    async run(world, real) {
      const session = sessionAt(world, at) as Session;
      const may = isSignedIn(world, session);
      const { status, expected } = await run(world, real, session);
      equal(status, may ? expected : 401, name);
    },
  });
}

export function signOut(at: number): Step {
  return act('signOut', at, async (world, real, session) => {
    const { token } = session.access;
    if (isSignedIn(world, session)) {
      session.ended = true;
      world.events.push('logout_success');
    }
    return { status: (await real.ask('/session/logout', { body: {}, token })).status, expected: 200 };
  });
}

/** Ends another session of the same person, from their list. */
export function revokeOther(at: number, other: number): Step {
  return act(`revokeOther[${other}]`, at, async (world, real, session) => {
    const own = world.sessions.filter(({ user, gone }) => user === session.user && !gone);
    const target = own[other % Math.max(1, own.length)];
    const expected = !target || target.ended ? 404 : 200;
    const answer = await real.ask(`/api/auth/sessions/${target?.id ?? session.id}`, {
      method: 'DELETE',
      token: session.access.token,
    });
    if (isSignedIn(world, session) && target && !target.ended) {
      target.ended = true;
      world.events.push('session_revoked');
    }
    return { status: answer.status, expected };
  });
}

export function signOutEverywhere(at: number, exceptHere: boolean): Step {
  return act(exceptHere ? 'signOutElsewhere' : 'signOutEverywhere', at, async (world, real, session) => {
    const path = `/api/auth/sessions${exceptHere ? '?except=current' : ''}`;
    const { token } = session.access;
    if (isSignedIn(world, session)) {
      const ended = endAll(world, session.user, exceptHere ? session : undefined);
      if (ended > 0) world.events.push('sessions_revoked');
    }
    return { status: (await real.ask(path, { method: 'DELETE', token })).status, expected: 200 };
  });
}

const changes = {
  suspend: { method: 'PATCH', path: '', body: { status: 'suspended' }, event: 'user_updated' },
  activate: { method: 'PATCH', path: '', body: { status: 'active' }, event: 'user_updated' },
  remove: { method: 'DELETE', path: '', body: undefined, event: 'user_deleted' },
  endSessions: { method: 'DELETE', path: '/sessions', body: undefined, event: null },
} as const;

function apply(what: keyof typeof changes, world: World, user: User): void {
  if (what === 'activate') user.status = 'active';
  if (what === 'remove') forgetUser(world, user);
  if (what === 'activate' || what === 'remove') return;
  if (endAll(world, user) > 0) world.events.push('sessions_revoked');
  if (what === 'suspend') user.status = 'suspended';
}

/** What an administrator does to a user. */
export function administer(who: 0 | 1, what: keyof typeof changes): Step {
  const { method, path, body, event } = changes[what];
  return step(`${what}(${who})`, {
    check: ({ users }) => users[who].id !== null,
    async run(world, real) {
      const user = world.users[who];
      const address = `/api/admin/clients/default/users/${user.id}${path}`;
      const answer = await real.askAsOwner(address, { method, ...(body && { body }) });
      equal(answer.status < 300, true, `${what} is answered ${answer.status}`);
      world.events.push('break_glass_used', ...(event ? [event] : []));
      apply(what, world, user);
    },
  });
}

export function wait(seconds: number): Step {
  return step(`wait(${seconds})`, {
    async run(world, real) {
      real.advance(seconds * SECOND);
      world.now += seconds * SECOND;
    },
  });
}

export function restart(): Step {
  return step('restart()', { run: (_world, real) => real.restart() });
}
