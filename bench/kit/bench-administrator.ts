import { createAdministrator, type Person } from '../../packages/server/test/kit/administrators.ts';
import type { Answer, Ask, TestServer } from '../../packages/server/test/kit/test-server.ts';
import { ADMIN_KEY } from './settings.ts';
import type { World } from './world.ts';

const STEP_MS = 30_000;
const made = new WeakMap<World, Promise<Person>>();

async function askServer(port: number, path: string, { body, token, headers }: Ask): Promise<Answer> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: JSON.parse(text) };
}

/** What the kit of administrators asks of a server in memory, on one in a process of its own. */
function visit(world: World): TestServer {
  // The app shows a code once: the invitation is accepted with the code of half a minute ago, the sign-in uses that of now.
  let behindMs = STEP_MS;
  const clock = {
    now: () => Date.now() - behindMs,
    advance(ms: number) {
      behindMs -= ms;
    },
  };
  const ask = (path: string, request: Ask = {}) => askServer(world.server.port, path, request);
  const askAsOwner = (path: string, request: Ask = {}) =>
    ask(path, { ...request, headers: { 'x-admin-key': ADMIN_KEY } });
  return { clock, ask, askAsOwner } as unknown as TestServer;
}

/** Somebody who administers this installation as its owner, signed in. */
export function administratorOf(world: World): Promise<Person> {
  const known = made.get(world);
  if (known) return known;
  const person = createAdministrator(visit(world), 'owner@example.com');
  made.set(world, person);
  return person;
}
