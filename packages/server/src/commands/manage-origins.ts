import { isUniqueViolation } from '../platform/database/index.ts';
import {
  addOrigin,
  DEFAULT_CLIENT,
  deleteOrigin,
  listOrigins,
  normaliseOrigin,
  updateOrigin,
} from '../tenancy/clients/index.ts';
import { CommandFailure } from './command-failure.ts';
import { print, quoted, type WorkOptions, workOnDatabase } from './work-on-database.ts';
import { workOnGround } from './work-on-ground.ts';

const clientId = DEFAULT_CLIENT;

function readOrigin(value: string): string {
  const origin = normaliseOrigin(value);
  if (origin !== null) return origin;
  // Not repeated: it may be an address with a password or a token in it.
  const message = 'the value is no page origin: give scheme, host and port only, without a path';
  throw new CommandFailure(message, { hint: '--value https://app.example.com' });
}

function notFound(id: string): CommandFailure {
  return new CommandFailure(`origin ${quoted(id)} not found`, { hint: 'gatehouse origin list' });
}

export async function addPageOrigin(options: WorkOptions & { value: string }): Promise<void> {
  const origin = readOrigin(options.value);
  await workOnGround(options, async (ground) => {
    const added = await addOrigin(ground, { clientId, origin });
    print(added.id);
  });
}

export async function listPageOrigins(options: WorkOptions): Promise<void> {
  await workOnDatabase(options, async ({ database }) => {
    for (const { id, origin, createdAt } of await listOrigins(database, clientId)) {
      print([id, origin, new Date(createdAt).toISOString()].join('\t'));
    }
  });
}

/** Throws CommandFailure when there is no such id, or when the origin stands in the list already. */
export async function updatePageOrigin(options: WorkOptions & { id: string; value: string }): Promise<void> {
  const { id } = options;
  const origin = readOrigin(options.value);
  await workOnGround(options, async (ground) => {
    const changed = await updateOrigin(ground, { id, clientId, origin }).catch((error: unknown) => {
      if (!isUniqueViolation(error)) throw error;
      throw new CommandFailure(`${origin} is in the list already`, { hint: 'gatehouse origin list', cause: error });
    });
    if (!changed) throw notFound(id);
  });
}

export async function deletePageOrigin(options: WorkOptions & { id: string }): Promise<void> {
  await workOnGround(options, async (ground) => {
    if (!(await deleteOrigin(ground, { id: options.id, clientId }))) throw notFound(options.id);
  });
}
