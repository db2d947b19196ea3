// Several people at once against one server.
import type { DatabaseView } from '../../kit/database-view.ts';
import { type Scene, type Server, Unanswered } from './act.ts';
import type { Draw } from './draw.ts';
import type { Ledger } from './ledger.ts';
import { createPerson, type Memory } from './person.ts';

export interface Load {
  memory: Memory;
  /** Sets everybody to work; `done` rejects when one of them fails, `stop` resolves when each has seen the end of their last request. */
  start(server: Server): { done: Promise<unknown>; stop(): Promise<void> };
}

/** A load of `people` on the server whose database `view` reads. */
export function createLoad(of: { ledger: Ledger; view: DatabaseView; draw: Draw; people: number }): Load {
  const memory: Memory = { passkeys: new Map(), people: 0 };
  let over = true;
  const people = Array.from({ length: of.people }, () => createPerson({ ...of, memory, isOver: () => over }));
  const work = async (scene: Scene, person: (typeof people)[number]) => {
    while (!over) {
      try {
        await person.step(scene);
      } catch (error) {
        if (!(error instanceof Unanswered)) throw error;
      }
    }
  };
  return {
    memory,
    start(server) {
      over = false;
      const working = Promise.all(people.map((person) => work({ server, ledger: of.ledger }, person)));
      // One who fails is told of when the load is waited for, and nobody goes on without them.
      working.catch(() => {
        over = true;
      });
      return {
        done: working,
        async stop() {
          over = true;
          await working;
        },
      };
    },
  };
}
