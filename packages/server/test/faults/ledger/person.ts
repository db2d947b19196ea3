// One person of the load: does one thing after another, as chance has it, until the server is gone.
import { type Authenticator, createAuthenticator } from '../../kit/authenticator.ts';
import { codeFor } from '../../kit/code-for.ts';
import type { DatabaseView } from '../../kit/database-view.ts';
import { attempt, type Done, ORIGIN, type Scene, Unanswered } from './act.ts';
import {
  addPasskey,
  type Held,
  heldIn,
  refresh,
  removePasskey,
  revoke,
  rotateApiKey,
  signIn,
  signInWithPasskey,
  signOut,
  suspend,
} from './acts.ts';
import type { Draw } from './draw.ts';

/** A passkey and what it was registered as. */
export interface HeldPasskey {
  id: string;
  authenticator: Authenticator;
}

/** Everything the load remembers beside the ledger. */
export interface Memory {
  /** By the id of the passkey. */
  passkeys: Map<string, Authenticator>;
  people: number;
}

export interface Surroundings {
  view: DatabaseView;
  draw: Draw;
  memory: Memory;
  /** Told by the load when the server was killed. */
  isOver(): boolean;
}

/** The code in the mail to an address that writes for the first time. Throws Unanswered when the server was killed. */
export async function firstCode(
  { view, isOver }: Pick<Surroundings, 'view' | 'isOver'>,
  email: string,
): Promise<string> {
  try {
    return await codeFor(view, email, isOver);
  } catch (error) {
    if (isOver()) throw new Unanswered('no mail came', { cause: error });
    throw error;
  }
}

/** Somebody new, with a code in hand. */
async function askForCode(scene: Scene, around: Surroundings): Promise<{ email: string; code: string }> {
  around.memory.people++;
  const email = `person${around.memory.people}@example.com`;
  const { status, body } = await attempt(scene.server, { path: '/email/start', body: { email } });
  if (status !== 200) throw new Error(`/email/start answered ${status} ${JSON.stringify(body)}`);
  return { email, code: await firstCode(around, email) };
}

/** Makes a person; `step` does one thing. Throws Unanswered. */
// long: what one person can do, and what they remember of it
export function createPerson(around: Surroundings): { step(scene: Scene): Promise<void> } {
  const { draw, memory } = around;
  let code: { email: string; code: string } | null = null;
  let held: Held | null = null;
  let passkey: HeldPasskey | null = null;
  let mustRefresh = false;

  const enter = async (scene: Scene) => {
    passkey = null;
    // A code whose answer was lost is tried once more: it works, or it worked.
    code ??= await askForCode(scene, around);
    const done = await signIn(scene, code);
    code = null;
    held = done.body && heldIn(done.body);
  };
  const rotate = async (scene: Scene, of: Held) => {
    mustRefresh = true;
    const done = await refresh(scene, of);
    mustRefresh = false;
    held = done.body && { ...of, refresh: done.body.refresh_token, access: done.body.access_token };
  };
  /** Once asked for, it may have happened: whatever comes back, the person is somebody new. */
  const leave = async (end: Promise<Done>) => {
    held = null;
    passkey = null;
    await end;
  };
  const add = async (scene: Scene, of: Held) => {
    const authenticator = createAuthenticator(ORIGIN);
    const { body } = await addPasskey(scene, of, authenticator);
    if (!body) return;
    passkey = { id: body.passkey.id, authenticator };
    memory.passkeys.set(passkey.id, authenticator);
  };
  const remove = async (scene: Scene, of: Held, { id }: HeldPasskey) => {
    passkey = null;
    await removePasskey(scene, of, id);
  };
  const enterAgain = async (scene: Scene, { id, authenticator }: HeldPasskey) => {
    const { body } = await signInWithPasskey(scene, id, authenticator);
    // The session before stays as it is, for the end.
    if (body) held = heldIn(body);
  };
  const step = async (scene: Scene): Promise<void> => {
    if (!held) return enter(scene);
    if (mustRefresh) return rotate(scene, held);
    const what = draw(100);
    if (what < 55) return rotate(scene, held);
    if (what < 72) return passkey ? enterAgain(scene, passkey) : add(scene, held);
    if (what < 78) return passkey ? remove(scene, held, passkey) : add(scene, held);
    if (what < 80) return void (await rotateApiKey(scene));
    if (what < 87) return leave(signOut(scene, held));
    if (what < 94) return leave(revoke(scene, held));
    if (what < 97) return leave(suspend(scene, held));
    held = null;
  };
  return { step };
}
