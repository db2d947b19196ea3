// What is killed at every point: an act, and what has to be there before it.
import { type Authenticator, createAuthenticator } from '../../kit/authenticator.ts';
import { asAdmin, CLIENT, type Done, ORIGIN, type Scene, send } from './act.ts';
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
import { firstCode, type Memory } from './person.ts';
import type { Site } from './site.ts';

/** Prepares on `calm`, and returns the act to be done on another scene of the same server. */
type Prepare = (calm: Scene, of: { site: Site; memory: Memory }) => Promise<(scene: Scene) => Promise<Done>>;

async function codeFor(calm: Scene, { site, memory }: { site: Site; memory: Memory }, email: string) {
  const { status } = await send(calm.server, { path: '/email/start', body: { email } });
  if (status !== 200) throw new Error(`/email/start answered ${status}`);
  memory.people++;
  return { email, code: await firstCode({ view: site.view, isOver: () => false }, email) };
}

const addressIn = (memory: Memory) => `point${memory.people}@example.com`;

async function somebody(calm: Scene, of: { site: Site; memory: Memory }): Promise<Held> {
  return heldIn((await signIn(calm, await codeFor(calm, of, addressIn(of.memory)))).body);
}

async function add(scene: Scene, { passkeys }: Memory, held: Held): Promise<Done> {
  const authenticator = createAuthenticator(ORIGIN);
  const done = await addPasskey(scene, held, authenticator);
  if (done.body) passkeys.set(done.body.passkey.id, authenticator);
  return done;
}

async function somebodyWithPasskey(calm: Scene, of: { site: Site; memory: Memory }) {
  const held = await somebody(calm, of);
  const passkey = (await add(calm, of.memory, held)).body.passkey.id as string;
  const authenticator = of.memory.passkeys.get(passkey) as Authenticator;
  return { held, passkey, authenticator };
}

/** Somebody whom an administrator made: the code they sign in with creates nobody. */
async function knownAddress(calm: Scene, { memory }: { memory: Memory }): Promise<string> {
  const email = addressIn(memory);
  const { status } = await send(calm.server, { path: `${CLIENT}/users`, body: { email }, headers: asAdmin });
  if (status !== 201) throw new Error(`the user was not made: ${status}`);
  return email;
}

/** Every act of the proofs, by what it is called in them. */
export const killed: Record<string, Prepare> = {
  'a refresh': async (calm, of) => {
    const held = await somebody(calm, of);
    return (scene) => refresh(scene, held);
  },
  'a first sign-in': async (calm, of) => {
    const code = await codeFor(calm, of, addressIn(of.memory));
    return (scene) => signIn(scene, code);
  },
  'a sign-in': async (calm, of) => {
    const code = await codeFor(calm, of, await knownAddress(calm, of));
    return (scene) => signIn(scene, code);
  },
  'a sign-in with a passkey': async (calm, of) => {
    const { passkey, authenticator } = await somebodyWithPasskey(calm, of);
    return (scene) => signInWithPasskey(scene, passkey, authenticator);
  },
  'the registration of a passkey': async (calm, of) => {
    const held = await somebody(calm, of);
    return (scene) => add(scene, of.memory, held);
  },
  'the removal of a passkey': async (calm, of) => {
    const { held, passkey } = await somebodyWithPasskey(calm, of);
    return (scene) => removePasskey(scene, held, passkey);
  },
  'a sign-out': async (calm, of) => {
    const held = await somebody(calm, of);
    return (scene) => signOut(scene, held);
  },
  'a revocation': async (calm, of) => {
    const held = await somebody(calm, of);
    return (scene) => revoke(scene, held);
  },
  'a suspension': async (calm, of) => {
    const held = await somebody(calm, of);
    return (scene) => suspend(scene, held);
  },
  'the rotation of an API key': async () => rotateApiKey,
};
