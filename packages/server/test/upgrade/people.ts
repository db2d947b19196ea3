// People who are signed in while versions change under them.
import { codeFor } from '../kit/code-for.ts';
import type { DatabaseView } from '../kit/database-view.ts';
import { until } from '../kit/until.ts';
import type { Fleet, Reply } from './fleet.ts';

/** What a signed-in person has in hand. */
export interface Held {
  session_id: string;
  refresh_token: string;
  access_token: string;
}

/** Somebody signs in by e-mail code. */
export async function signIn(fleet: Fleet, view: DatabaseView, email: string): Promise<Held> {
  await fleet.ask({ path: '/email/start', body: { email } });
  const { status, body } = await fleet.ask({
    path: '/email/verify',
    body: { email, code: await codeFor(view, email) },
  });
  if (status !== 200) throw new Error(`${email} could not sign in: ${status}`);
  return body;
}

/** People who refresh and ask who they are, without a pause, until `stop`; what went wrong, and how much was done. */
export function startLoad(fleet: Fleet, people: Held[]) {
  const failures: string[] = [];
  let acts = 0;
  let over = false;
  const judge = (what: string, { status }: Reply) => {
    acts++;
    if (status !== 200) failures.push(`${what} was answered ${status}`);
  };
  const live = async (held: Held) => {
    while (!over) {
      const { session_id, refresh_token } = held;
      const answer = await fleet.ask({ path: '/session/refresh', body: { session_id, refresh_token } });
      judge('refresh', answer);
      if (answer.status === 200) Object.assign(held, answer.body);
      judge('/me', await fleet.ask({ path: '/me', token: held.access_token }));
    }
  };
  const loops = people.map((held) =>
    live(held).catch((error: Error) => {
      failures.push(error.message);
    }),
  );
  return {
    failures,
    acts: () => acts,
    async actsMore(more: number) {
      const aim = acts + more;
      await until(() => acts >= aim || failures.length > 0);
    },
    async stop() {
      over = true;
      await Promise.all(loops);
    },
  };
}
