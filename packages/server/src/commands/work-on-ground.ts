import { openGround } from '../house/ground.ts';
import type { House } from '../server.ts';
import { type WorkOptions, workOnDatabase } from './work-on-database.ts';

/** Runs `work` on an existing database with the ground floor around it: what it changes is announced. Throws CommandFailure. */
export function workOnGround(options: WorkOptions, work: (ground: House['ground']) => Promise<void>): Promise<void> {
  return workOnDatabase(options, async ({ config, database }) => {
    const ground = openGround(config, database);
    await ground.runtime.refresh();
    await work(ground);
  });
}
