import { type BenchDatabases, openDatabases } from './bench-database.ts';
import type { LimitPlace } from './limit.ts';
import { openLimit } from './limits.ts';
import { type Effort, type Measured, measure, type OpenLimits } from './measure.ts';
import type { Operation } from './operation.ts';
import { createWorld, type DatabaseName } from './world.ts';

const SIZE = { clients: 10, users: 10_000 };

/** Loads an operation by the name of its file. */
export async function loadOperation(name: string): Promise<Operation> {
  const file = new URL(`../operations/${name}.ts`, import.meta.url).href;
  return ((await import(file)) as { operation: Operation }).operation;
}

/** Opens the limits that some operations are held against. */
async function openLimits(
  name: DatabaseName,
  operations: readonly Operation[],
  place: LimitPlace,
): Promise<OpenLimits> {
  const needed = [...new Set(operations.flatMap(({ limit }) => Object.keys(limit)))].filter((one) => one !== 'http');
  const fileOf = (limit: string) => (limit === 'write' || limit === 'read' ? `${limit}-${name}` : limit);
  const opening = needed.map(async (limit) => [limit, await openLimit(fileOf(limit), place)] as const);
  return Object.fromEntries(await Promise.all(opening));
}

async function measureOn(
  databases: BenchDatabases,
  operations: readonly Operation[],
  effort: Effort,
): Promise<Measured[]> {
  const url = await databases.create();
  const { name, folder } = databases;
  const world = await createWorld({ database: name, url }, SIZE);
  const limits = await openLimits(name, operations, { databaseUrl: url, folder, atOnce: effort.connections });
  const measured: Measured[] = [];
  for (const operation of operations) {
    process.stderr.write(`${name}: ${operation.name}\n`);
    // What was asked of a server before is no part of what is asked of it now.
    await world.renewServer();
    measured.push(await measure(world, operation, { limits, effort }));
  }
  for (const limit of Object.values(limits)) await limit.close();
  await world.close();
  return measured;
}

/** Measures operations on a database of one kind. */
export async function runOperations(
  database: DatabaseName,
  operations: readonly string[],
  effort: Effort,
): Promise<Measured[]> {
  const databases = await openDatabases(database);
  try {
    return await measureOn(databases, await Promise.all(operations.map(loadOperation)), effort);
  } finally {
    await databases.close();
  }
}
