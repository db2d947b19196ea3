import { setTimeout as delay } from 'node:timers/promises';
import { type Connection, openConnection } from './connection.ts';
import type { OpenLimit } from './limit.ts';
import { openEcho } from './limits.ts';
import { load, quantile, type Requests } from './load.ts';
import type { LimitName, Operation } from './operation.ts';
import { processorSeconds, residentBytes } from './process-figures.ts';
import type { World } from './world.ts';

/** How requests are made: each connection has one under way at any time. */
export interface Effort {
  seconds: number;
  connections: number;
}

/** What was measured of one operation. */
export interface Measured {
  name: string;
  database: string;
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
  /** CPU time of the server process for one operation, with what it does afterwards on its behalf. */
  processorMicroseconds: number;
  residentMegabytes: number;
  /** Times a second that the limit allows, and the share that is reached: the median of the rounds. */
  limitPerSecond: number;
  ofLimit: number;
  /** Of what the limit is made up. */
  formula: string;
  target?: number;
}

/** Limits that are open for the database of this installation. */
export type OpenLimits = Partial<Record<LimitName, OpenLimit>>;

interface Round {
  perSecond: number;
  limitPerSecond: number;
  latencies: number[];
  answers: number;
  processorSeconds: number;
}

const ROUNDS = 5;
const WARM_SHARE = 0.5;
const LEAST_STOCK = 300;
const SETTLED_MS = 120;
const IDLE_SHARE = 0.1;
const MOST_LOOKS = 50;
const MICRO = 1_000_000;
const MEGA = 1_000_000;

const median = (values: readonly number[]) => quantile(values, 0.5);

/** Waits until the server has done what it put off: mails, seals of the audit log. */
export async function settle(pid: number): Promise<void> {
  for (let look = 0; look < MOST_LOOKS; look++) {
    const before = processorSeconds(pid);
    await delay(SETTLED_MS);
    if (processorSeconds(pid) - before <= (SETTLED_MS / 1000) * IDLE_SHARE) return;
  }
}

async function firstBody(connection: Connection, requests: Requests): Promise<Buffer> {
  await requests.stock?.(1);
  const request = requests.next(0);
  if (!request) throw new Error('An operation prepared no request.');
  return new Promise((resolve, reject) =>
    connection.ask(request, ({ status, body }) => {
      if (status !== 200) return reject(new Error(`${request.toString()}\nwas answered ${status}: ${body.toString()}`));
      requests.answered?.(0, body);
      resolve(body);
    }),
  );
}

/** The same request over and over: what an echo answers does not depend on it. */
async function sampleOf(requests: Requests): Promise<Requests> {
  await requests.stock?.(1);
  const sample = requests.next(0);
  return { next: () => sample };
}

/** The limits take their turns in every round, so that whatever else the machine does hits them and the server alike. */
async function limitPerSecond(parts: readonly (readonly [OpenLimit, number])[], seconds: number): Promise<number> {
  let time = 0;
  for (const [limit, times] of parts) time += times / (await limit.measure(seconds));
  return 1 / time;
}

function formulaOf(limit: Operation['limit']): string {
  const parts = Object.entries(limit).map(([name, times]) => `${times}/${name}`);
  return parts.length === 1 && parts[0] === '1/http' ? 'http' : `1 / (${parts.join(' + ')})`;
}

function partsOf(operation: Operation, limits: OpenLimits): [OpenLimit, number][] {
  return Object.entries(operation.limit).map(([name, times]) => {
    const limit = limits[name as LimitName];
    if (!limit) throw new Error(`The limit ${name} of ${operation.name} is not open.`);
    return [limit, times];
  });
}

async function runRounds(
  world: World,
  { requests, connections, parts }: { requests: Requests; connections: Connection[]; parts: [OpenLimit, number][] },
  effort: Effort,
): Promise<Round[]> {
  const { pid } = world.server;
  const rounds: Round[] = [];
  const sliceSeconds = effort.seconds / ROUNDS;
  let stock = LEAST_STOCK;
  for (let round = 0; round <= ROUNDS; round++) {
    await requests.stock?.(stock);
    await settle(pid);
    const before = processorSeconds(pid);
    const slice = await load(connections, requests, round === 0 ? sliceSeconds * ROUNDS * WARM_SHARE : sliceSeconds);
    await settle(pid);
    const used = processorSeconds(pid) - before;
    const perSecond = slice.answers / slice.seconds;
    stock = Math.ceil(perSecond * sliceSeconds * 1.5) + effort.connections;
    const limit = await limitPerSecond(parts, sliceSeconds);
    rounds.push({ ...slice, perSecond, limitPerSecond: limit, processorSeconds: used });
  }
  // The first one warmed up.
  return rounds.slice(1);
}

function summarise(rounds: readonly Round[]) {
  const latencies = rounds.flatMap((round) => round.latencies);
  const sum = (of: (round: Round) => number) => rounds.reduce((total, round) => total + of(round), 0);
  return {
    perSecond: median(rounds.map((round) => round.perSecond)),
    p50Ms: quantile(latencies, 0.5),
    p99Ms: quantile(latencies, 0.99),
    processorMicroseconds: (sum((round) => round.processorSeconds) * MICRO) / sum((round) => round.answers),
    limitPerSecond: median(rounds.map((round) => round.limitPerSecond)),
    ofLimit: median(rounds.map((round) => round.perSecond / round.limitPerSecond)),
  };
}

/** Measures an operation on an installation, and its limit in turns with it. */
export async function measure(
  world: World,
  operation: Operation,
  { limits, effort }: { limits: OpenLimits; effort: Effort },
): Promise<Measured> {
  const { server } = world;
  const count = Math.min(effort.connections, operation.connections ?? effort.connections);
  const opening = Array.from({ length: count }, () => openConnection(server.port));
  const connections = await Promise.all(opening);
  const requests = await operation.prepare(world, count);
  const [first] = connections as [Connection];
  const echo = await openEcho(await firstBody(first, requests), await sampleOf(requests), count);
  const parts = partsOf(operation, { ...limits, http: echo });
  const rounds = await runRounds(world, { requests, connections, parts }, effort);
  for (const connection of connections) connection.close();
  await echo.close();
  return {
    name: operation.name,
    database: world.database,
    ...summarise(rounds),
    residentMegabytes: residentBytes(server.pid) / MEGA,
    formula: formulaOf(operation.limit),
    ...(operation.target !== undefined && { target: operation.target }),
  };
}
