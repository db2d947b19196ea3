// Whether the server stays as fast when an installation grows: installations of several sizes, each with a server of its own, take turns.
import { type BenchDatabases, openDatabases } from './bench-database.ts';
import { openConnection } from './connection.ts';
import { load, quantile, type Requests, type Slice } from './load.ts';
import { settle } from './measure.ts';
import type { Operation } from './operation.ts';
import { processorSeconds } from './process-figures.ts';
import { createWorld, type DatabaseName, type Size, type World } from './world.ts';

/** What an operation costs on an installation of one size. */
interface GrowthPoint extends Size {
  p50Ms: number;
  processorMicroseconds: number;
}

/** One operation, on all sizes, the smallest first. */
export interface GrowthRow {
  name: string;
  database: DatabaseName;
  points: GrowthPoint[];
  /** Time to an answer on the largest installation, in terms of the smallest: the median of the rounds. */
  ratio: number;
}

interface GrowthPlan {
  database: DatabaseName;
  operations: readonly Operation[];
  sizes: readonly Size[];
  /** Of asking, for each operation on each size. */
  seconds: number;
}

/** Servers of each installation, one after another: two processes of the same program differ by a tenth or two for as long as they live. */
const SERVERS = 4;
const ROUNDS = 3;
/** How long each new one is asked before it counts, in terms of a round. */
const WARM_UP = 3;
const CONNECTIONS = 4;
const LEAST_STOCK = 100;
const MICRO = 1_000_000;

interface Course {
  world: World;
  requests: Requests;
  /** Mean time to an answer in each round, in milliseconds. */
  rounds: number[];
  latencies: number[];
  answers: number;
  processorSeconds: number;
}

async function prepare(world: World, operation: Operation): Promise<Course> {
  const requests = await operation.prepare(world, CONNECTIONS);
  return { world, requests, rounds: [], latencies: [], answers: 0, processorSeconds: 0 };
}

async function ask({ world, requests }: Course, seconds: number): Promise<Slice> {
  const opening = Array.from({ length: CONNECTIONS }, () => openConnection(world.server.port));
  const connections = await Promise.all(opening);
  const slice = await load(connections, requests, seconds);
  for (const connection of connections) connection.close();
  return slice;
}

const answersOfRound = ({ answers, rounds }: Course) => answers / Math.max(1, rounds.length);

async function warmUp(course: Course, seconds: number): Promise<void> {
  await course.world.renewServer();
  await course.requests.stock?.(LEAST_STOCK + Math.ceil(answersOfRound(course) * 2 * WARM_UP));
  await ask(course, seconds * WARM_UP);
}

async function runRound(course: Course, seconds: number): Promise<void> {
  const { pid } = course.world.server;
  await course.requests.stock?.(LEAST_STOCK + Math.ceil(answersOfRound(course) * 2));
  await settle(pid);
  const before = processorSeconds(pid);
  const slice = await ask(course, seconds);
  await settle(pid);
  course.processorSeconds += processorSeconds(pid) - before;
  course.rounds.push(slice.seconds / slice.answers);
  for (const latency of slice.latencies) course.latencies.push(latency);
  course.answers += slice.answers;
}

async function compare(worlds: readonly World[], operation: Operation, seconds: number): Promise<GrowthRow> {
  const courses: Course[] = [];
  for (const world of worlds) courses.push(await prepare(world, operation));
  const slice = seconds / (SERVERS * ROUNDS);
  for (let server = 0; server < SERVERS; server++) {
    for (const course of courses) await warmUp(course, slice);
    for (let round = 0; round < ROUNDS; round++) for (const course of courses) await runRound(course, slice);
  }
  const [small, large] = [courses[0]?.rounds ?? [], courses.at(-1)?.rounds ?? []];
  return {
    name: operation.name,
    database: worlds[0]?.database ?? 'sqlite',
    points: courses.map((course) => ({
      ...course.world.size,
      p50Ms: quantile(course.latencies, 0.5),
      processorMicroseconds: (course.processorSeconds * MICRO) / course.answers,
    })),
    ratio: quantile(
      large.map((time, round) => time / (small[round] ?? Number.NaN)),
      0.5,
    ),
  };
}

async function measureOn(databases: BenchDatabases, plan: GrowthPlan): Promise<GrowthRow[]> {
  const worlds: World[] = [];
  for (const size of plan.sizes) {
    process.stderr.write(
      `${plan.database}: filling ${size.users} users with their sessions, ${size.clients} clients\n`,
    );
    worlds.push(await createWorld({ database: plan.database, url: await databases.create() }, size));
  }
  const rows: GrowthRow[] = [];
  for (const operation of plan.operations) {
    process.stderr.write(`${plan.database}, growth: ${operation.name}\n`);
    rows.push(await compare(worlds, operation, plan.seconds));
  }
  for (const world of worlds) await world.close();
  return rows;
}

/** Measures how operations fare while an installation grows. */
export async function measureGrowth(plan: GrowthPlan): Promise<GrowthRow[]> {
  const databases = await openDatabases(plan.database);
  try {
    return await measureOn(databases, plan);
  } finally {
    await databases.close();
  }
}
