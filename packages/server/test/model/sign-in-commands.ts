import { equal } from 'node:assert/strict';
import type fc from 'fast-check';
import { createAuthenticator } from '../kit/authenticator.ts';
import type { Answer } from '../kit/test-server.ts';
import { observe } from './observe.ts';
import { ISSUER, type Real } from './real.ts';
import {
  accessOf,
  CHALLENGE_MS,
  guess,
  isRecent,
  isSignedIn,
  type Passkey,
  putCode,
  type Session,
  type User,
  type World,
} from './world.ts';

/** One step of a run: what is done, and what must come of it. */
export type Step = fc.AsyncCommand<World, Real>;

/** A step that is followed by a look at everything. */
export function step(
  name: string,
  { check = () => true, run }: { check?(world: World): boolean; run(world: World, real: Real): Promise<void> },
): Step {
  return {
    check,
    async run(world, real) {
      await run(world, real);
      await observe(world, real);
      world.steps++;
    },
    toString: () => name,
  };
}

/** The session that a number stands for. */
export function sessionAt(world: World, at: number): Session | undefined {
  return world.sessions[at % Math.max(1, world.sessions.length)];
}

/** Writes down a session that the server has answered with. */
function open(world: World, user: User, { body }: Answer): void {
  if (user.status === 'absent') world.events.push('user_created');
  world.events.push('login_success');
  Object.assign(user, { id: body.user.id, status: 'active' });
  world.sessions.push({
    id: body.session_id,
    user,
    createdAt: world.now,
    lastUsedAt: world.now,
    ended: false,
    gone: false,
    token: body.refresh_token,
    previous: null,
    older: [],
    access: accessOf(world, body.access_token, world.now),
  });
}

async function requestCode(world: World, real: Real, user: User): Promise<void> {
  equal((await real.ask('/email/start', { body: { email: user.email } })).status, 200, 'a code is sent');
  putCode(world, user, await real.codeFor(user.email));
  world.events.push('email_code_sent');
}

async function verifyCode(world: World, real: Real, { user, code }: { user: User; code: string }): Promise<void> {
  const { right, triesLeft } = guess(world, user, code);
  const answer = await real.ask('/email/verify', { body: { email: user.email, code } });
  equal(answer.status, right ? 200 : 401, 'the answer to a code');
  if (right) return open(world, user, answer);
  world.events.push('login_failed');
  equal(answer.body.tries_left, triesLeft, 'the tries left');
}

const wrongCode = ({ code }: User) => (code?.text === '000000' ? '111111' : '000000');

/** Codes by mail: sent, and guessed at with the right one, a wrong one or an old one. */
export function codeSteps(who: 0 | 1) {
  const codeOf = {
    right: (user: User) => user.code?.text,
    wrong: wrongCode,
    old: (user: User) => user.oldCodes.at(-1),
  };
  const verify = (which: keyof typeof codeOf) =>
    step(`verify(${who}, '${which}')`, {
      check: ({ users }) => codeOf[which](users[who]) !== undefined,
      run: (world, real) =>
        verifyCode(world, real, { user: world.users[who], code: codeOf[which](world.users[who]) ?? '' }),
    });
  const send = step(`requestCode(${who})`, { run: (world, real) => requestCode(world, real, world.users[who]) });
  const signIn = step(`signIn(${who})`, {
    async run(world, real) {
      await requestCode(world, real, world.users[who]);
      await verifyCode(world, real, { user: world.users[who], code: world.users[who].code?.text ?? '' });
    },
  });
  return { signIn, send, verifies: [verify('right'), verify('wrong'), verify('old')] };
}

const origin = { headers: { origin: ISSUER } };

/** A passkey is added by whoever signed in lately. */
export function addPasskey(at: number, counts: boolean): Step {
  return step(`addPasskey(${at}, ${counts})`, {
    check: (world) => sessionAt(world, at) !== undefined,
    async run(world, real) {
      const session = sessionAt(world, at) as Session;
      const { token } = session.access;
      const options = await real.ask('/webauthn/register/options', { ...origin, body: {}, token });
      const may = isSignedIn(world, session) ? (isRecent(world, session) ? 200 : 403) : 401;
      equal(options.status, may, 'options for a passkey');
      if (may !== 200) return;
      const authenticator = createAuthenticator(ISSUER);
      const credential = authenticator.register(options.body.publicKey);
      const body = { request_id: options.body.request_id, credential };
      const added = await real.ask('/webauthn/register/verify', { ...origin, body, token });
      equal(added.status, 200, 'a passkey is added');
      session.user.passkeys.push({ id: added.body.passkey.id, authenticator, counts, counter: 0 });
      world.events.push('passkey_added');
    },
  });
}

/** A passkey is removed by whoever signed in lately. */
export function removePasskey(at: number): Step {
  return step(`removePasskey(${at})`, {
    check: (world) => (sessionAt(world, at)?.user.passkeys.length ?? 0) > 0,
    async run(world, real) {
      const session = sessionAt(world, at) as Session;
      const { passkeys, lostPasskeys } = session.user;
      const { token } = session.access;
      const path = `/webauthn/credentials/${passkeys[0]?.id}`;
      const may = isSignedIn(world, session) ? (isRecent(world, session) ? 200 : 403) : 401;
      equal((await real.ask(path, { method: 'DELETE', token })).status, may, 'a passkey is removed');
      if (may !== 200) return;
      lostPasskeys.push(passkeys.shift() as Passkey);
      world.events.push('passkey_removed');
    },
  });
}

type How = 'right' | 'twice' | 'late' | 'clone' | 'lost';

/** One ceremony from options to `times` answers; each is compared with what the model says of it. */
async function ceremony(
  world: World,
  real: Real,
  of: { user: User; passkey: Passkey; counter: number; isGood: boolean; times?: number; lateMs?: number },
): Promise<void> {
  const { user, passkey, counter, isGood, times = 1, lateMs = 0 } = of;
  const options = (await real.ask('/webauthn/authenticate/options', { ...origin, body: {} })).body;
  const credential = passkey.authenticator.authenticate(options.publicKey, { counter });
  real.advance(lateMs);
  world.now += lateMs;
  for (let at = 0; at < times; at++) {
    const body = { request_id: options.request_id, credential };
    const answer = await real.ask('/webauthn/authenticate/verify', { ...origin, body });
    equal(answer.status, isGood && at === 0 ? 200 : 400, `answer ${at} to a passkey`);
    if (answer.status !== 200) world.events.push('login_failed');
    else {
      passkey.counter = counter;
      open(world, user, answer);
    }
  }
}

/** A sign-in by passkey: as it should be, the same answer twice, too late, followed by one of a copy, or with a passkey removed before. */
export function passkeySignIn(who: 0 | 1, how: How): Step {
  const passkeyOf = ({ users }: World): Passkey | undefined => {
    if (how === 'lost') return users[who].lostPasskeys[0];
    return users[who].passkeys.find(({ counts }) => counts || how !== 'clone');
  };
  return step(`passkeySignIn(${who}, '${how}')`, {
    check: (world) => passkeyOf(world) !== undefined,
    async run(world, real) {
      const user = world.users[who];
      const passkey = passkeyOf(world) as Passkey;
      const counter = passkey.counter + (passkey.counts ? 1 : 0);
      const isGood = how !== 'late' && how !== 'lost' && user.status === 'active';
      const of = { user, passkey, counter, isGood };
      await ceremony(world, real, {
        ...of,
        times: how === 'twice' ? 2 : 1,
        lateMs: how === 'late' ? CHALLENGE_MS : 0,
      });
      // A copy of the authenticator counts from where it was copied.
      if (how === 'clone' && isGood) await ceremony(world, real, { ...of, isGood: false });
    },
  });
}
