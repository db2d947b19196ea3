import { listSigningKeys, rotateSigningKeys } from '../tenancy/signing-keys/index.ts';
import { print, type WorkOptions, workOnDatabase } from './work-on-database.ts';
import { workOnGround } from './work-on-ground.ts';

/** The longest that any client may let its tokens live. */
const LONGEST_TOKEN_MS = 86_400_000;

const timeOf = (at: number | null) => (at === null ? '' : new Date(at).toISOString());

export async function listKeys(options: WorkOptions): Promise<void> {
  await workOnDatabase(options, async ({ database }) => {
    for (const { kid, algorithm, slot, createdAt, retiredAt } of await listSigningKeys(database)) {
      print([kid, algorithm, slot, timeOf(createdAt), timeOf(retiredAt)].join('\t'));
    }
  });
}

/** Servers that run follow within seconds. */
export async function rotateKeys(options: WorkOptions): Promise<void> {
  await workOnGround(options, async (ground) => {
    print(await rotateSigningKeys({ ...ground, longestTokenTtlMs: LONGEST_TOKEN_MS }));
  });
}
