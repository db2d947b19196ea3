import { deepEqual, equal } from 'node:assert/strict';
import type { Real } from './real.ts';
import { isAlive, isSignedIn, type World } from './world.ts';

/** Compares all that can be seen from outside: whose access tokens work, and which sessions a person is shown. */
export async function observe(world: World, real: Real): Promise<void> {
  equal(real.now(), world.now, 'the clocks');
  await Promise.all(
    world.sessions.map(async (session, at) => {
      const answer = await real.ask('/me', { token: session.access.token });
      equal(answer.status, isSignedIn(world, session) ? 200 : 401, `GET /me as session ${at}`);
      if (answer.status === 200) equal(answer.body.email ?? answer.body.user?.email, session.user.email, 'who it is');
    }),
  );
  for (const user of world.users) {
    const viewer = world.sessions.find((session) => session.user === user && isSignedIn(world, session));
    if (!viewer) continue;
    const shown = (await real.ask('/api/auth/sessions', { token: viewer.access.token })).body.sessions;
    const alive = world.sessions.filter((session) => session.user === user && isAlive(world, session));
    deepEqual(
      shown.map(({ id }: { id: string }) => id).sort(),
      alive.map(({ id }) => id).sort(),
      'the list of sessions',
    );
  }
}

/** Checks what must hold after a run: one event for each act (I4), and nothing that belongs to nobody (I8). */
export async function checkAfter(world: World, real: Real): Promise<void> {
  deepEqual((await real.eventsOf(world)).sort(), [...world.events].sort(), 'the events of the run');
  deepEqual(await real.orphans(), [], 'rows of nobody');
}
