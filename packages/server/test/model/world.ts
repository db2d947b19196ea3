import type { Authenticator } from '../kit/authenticator.ts';

// The reference: what docs/session-contract.md and docs/configuration.md promise, in as few words as possible and with nothing of the server in it.

export const SECOND = 1000;
const MINUTE = 60 * SECOND;
const ACCESS_MS = 15 * MINUTE;
const GRACE_MS = 10 * SECOND;
const CODE_MS = 10 * MINUTE;
const IDLE_MS = 120 * MINUTE;
const SESSION_MS = 24 * 60 * MINUTE;
const RECENT_MS = 15 * MINUTE;
const MOST_ATTEMPTS = 5;
export const CHALLENGE_MS = 5 * MINUTE;

/** What the server has to be told for the numbers above to hold. */
export const settings = {
  'sessions.idleTtl': '2h',
  'tokens.refreshTtl': '24h',
  'tokens.accessTtl': '15m',
  'tokens.refreshGrace': '10s',
  'emailCodes.ttl': '10m',
} as const;

export interface Passkey {
  id: string;
  authenticator: Authenticator;
  /** Whether its authenticator counts; those that are synced do not. */
  counts: boolean;
  /** The counter that was seen last. */
  counter: number;
}

export interface User {
  email: string;
  id: string | null;
  status: 'absent' | 'active' | 'suspended';
  code: { text: string; expiresAt: number; attempts: number; spent: boolean } | null;
  /** Codes that newer ones took the place of. */
  oldCodes: string[];
  passkeys: Passkey[];
  lostPasskeys: Passkey[];
}

export interface Session {
  id: string;
  user: User;
  createdAt: number;
  lastUsedAt: number;
  /** Signed out, ended by somebody, or by reuse. */
  ended: boolean;
  /** Deleted with its user. */
  gone: boolean;
  /** The refresh token in force; null when its answer was lost. */
  token: string | null;
  previous: { token: string; replacedAt: number } | null;
  older: string[];
  access: { token: string; expiresAt: number };
}

export interface World {
  now: number;
  startedAt: number;
  users: [User, User];
  sessions: Session[];
  /** Names of the events that the acts of this run left in the audit log. */
  events: string[];
  /** Steps that were taken; those that made no sense at their place are not. */
  steps: number;
}

export function createWorld(now: number, emails: [string, string]): World {
  const absent = (email: string): User => ({
    email,
    id: null,
    status: 'absent',
    code: null,
    oldCodes: [],
    passkeys: [],
    lostPasskeys: [],
  });
  return { now, startedAt: now, users: [absent(emails[0]), absent(emails[1])], sessions: [], events: [], steps: 0 };
}

function isExpired({ now }: World, session: Session): boolean {
  return now >= session.createdAt + SESSION_MS;
}

export function isAlive(world: World, session: Session): boolean {
  const isIdle = world.now >= session.lastUsedAt + IDLE_MS;
  return !session.ended && !session.gone && !isExpired(world, session) && !isIdle;
}

/** Whether the access token of a session still says who somebody is. */
export function isSignedIn(world: World, session: Session): boolean {
  return isAlive(world, session) && session.access.expiresAt > world.now;
}

export function isRecent({ now }: World, session: Session): boolean {
  return now - session.createdAt <= RECENT_MS;
}

/** What a token says that was issued now. */
export function accessOf(world: World, token: string, createdAt: number): Session['access'] {
  return { token, expiresAt: Math.min(world.now + ACCESS_MS, createdAt + SESSION_MS) };
}

export function putCode(world: World, user: User, text: string): void {
  if (user.code) user.oldCodes.push(user.code.text);
  user.code = { text, expiresAt: world.now + CODE_MS, attempts: 0, spent: false };
}

/** Looks at a guess: whether it signs in, and how many are left where it does not. */
export function guess(world: World, user: User, text: string): { right: boolean; triesLeft: number } {
  const { code } = user;
  if (!code || code.spent || code.expiresAt <= world.now || code.attempts >= MOST_ATTEMPTS)
    return { right: false, triesLeft: 0 };
  code.attempts++;
  code.spent = code.text === text;
  return { right: code.spent && user.status !== 'suspended', triesLeft: MOST_ATTEMPTS - code.attempts };
}

export type Refreshed =
  | 'rotated'
  | 'repeated'
  | 'refresh_token_reused'
  | 'session_invalidated'
  | 'invalid_refresh_token';

/** What becomes of a refresh token of this session. */
export function judgeRefresh(world: World, session: Session, token: string): Refreshed {
  if (session.gone) return 'invalid_refresh_token';
  if (!isAlive(world, session) || session.user.status !== 'active') return 'session_invalidated';
  if (token === session.token) return 'rotated';
  const { previous } = session;
  const inTime = previous?.token === token && world.now - previous.replacedAt < GRACE_MS;
  return inTime ? 'repeated' : 'refresh_token_reused';
}

/** Ends the sessions of a user, but for one; how many that were not over of themselves. */
export function endAll(world: World, user: User, except?: Session): number {
  const open = world.sessions.filter(
    (one) => one.user === user && one !== except && !one.ended && !one.gone && !isExpired(world, one),
  );
  for (const session of open) session.ended = true;
  return open.length;
}

export function forgetUser(world: World, user: User): void {
  for (const session of world.sessions) if (session.user === user) session.gone = true;
  user.lostPasskeys.push(...user.passkeys.splice(0));
  Object.assign(user, { id: null, status: 'absent', code: null });
}
