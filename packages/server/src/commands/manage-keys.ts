import { openGround } from '../house/ground.ts';
import { listSigningKeys, rotateSigningKeys } from '../tenancy/signing-keys/index.ts';
import { print, type WorkOptions, workOnDatabase } from './work-on-database.ts';

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
  await workOnDatabase(options, async ({ config, database }) => {
    const ground = openGround(config, database);
    const longestTokenTtlMs = config.tokens.accessTtlSeconds * 1000;
    print(await rotateSigningKeys({ ...ground, longestTokenTtlMs }));
  });
}
