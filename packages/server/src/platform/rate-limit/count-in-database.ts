import type { Database } from '../database/index.ts';
import type { Count } from './count.ts';
import { addUse, findUses } from './store.ts';

/** Counters shared by every node on the same database. */
export function countInDatabase(database: Database): Count {
  return async (key, windowEndsAt, amount) => {
    const of = { key, window_ends_at: windowEndsAt };
    const row =
      amount === 1 ? await database.write((tx) => addUse.first(tx, of)) : await findUses.first(database.read, of);
    return row?.uses ?? 0;
  };
}
