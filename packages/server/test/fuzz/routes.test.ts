import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLog } from '../../src/platform/log/index.ts';
import { type DatabaseKind, databaseKinds } from '../kit/databases.ts';
import { createFakeClock } from '../kit/fake-clock.ts';
import { howOften, recordProof } from '../kit/proof.ts';
import type { TestServer } from '../kit/test-server.ts';
import { judge } from './judge.ts';
import { type Described, type FuzzRoute, readRoutes } from './read-routes.ts';
import { type FuzzRequest, garbageRequests, schemaRequests } from './requests.ts';
import { createSender } from './send.ts';
import { takeSnapshot } from './snapshot.ts';
import { copyDatabase, makeTemplate, openServer, type Template } from './template.ts';

const PARALLEL = 8;
/** After so many requests everything that they broke is put back. */
const CHUNK = 16;
/**
 * Routes that share a server: a new one costs as much as a hundred requests. Where many are made, each route gets its own: verifying and
 * exporting a log take as long as it is.
 */
const TOGETHER = howOften({ ci: 8, prove: 1 });
/** Time passes, but not so much that what callers hold would no longer be fresh: tokens, and proofs of who they are. */
const STEP_MS = 100;
/** Part of the name of a route, for whoever looks for what went wrong there. */
const ONLY = process.env.GATEHOUSE_FUZZ_ROUTE ?? '';
const SEED = Number(process.env.GATEHOUSE_FUZZ_SEED ?? 20_260_101);

/** What came of one route. */
interface Outcome {
  asked: number;
  /** Requests that were made from the schema. */
  made: number;
  /** Answers to these that neither a guard nor a limit gave. */
  within: number;
  problems: string[];
}

/** The requests of a route: first those made from its schema, then garbage. */
function requestsFor(
  route: FuzzRoute,
  { described, template, count }: Place,
): { made: FuzzRequest[]; garbage: FuzzRequest[] } {
  const credentials = template.credentials[route.access] ?? [];
  const of = { components: described.components, ...template, credentials };
  const half = Math.ceil(count / 2);
  const seed = [...route.name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) | 0, SEED);
  const made = fc.sample(schemaRequests(route, of), { seed, numRuns: half });
  return { made, garbage: fc.sample(garbageRequests(route, of), { seed, numRuns: count - half }) };
}

/** As a line that can be read, and found again by seed and number. */
function tell(request: FuzzRequest): string {
  return JSON.stringify(request, (_, value) =>
    typeof value === 'string' && value.length > 400 ? `${value.slice(0, 200)}… (${value.length} characters)` : value,
  );
}

interface Place {
  server: TestServer;
  template: Template;
  described: Described;
  count: number;
  /** The lines of the log since the last look. */
  lines: string[];
  putBack(): Promise<void>;
}

async function fuzzRoute(route: FuzzRoute, place: Place): Promise<Outcome> {
  const { server, template } = place;
  const { send, close } = createSender(server.url, PARALLEL);
  const { made, garbage } = requestsFor(route, place);
  const requests = [...made, ...garbage];
  const outcome: Outcome = { asked: 0, made: made.length, within: 0, problems: [] };
  for (let at = 0; at < requests.length; at += CHUNK) {
    await place.putBack();
    const chunk = requests.slice(at, at + CHUNK);
    const told = await Promise.all(
      chunk.map(async (asked, index) => {
        server.clock.advance(STEP_MS);
        const answer = await send(asked);
        // Garbage is often refused before any guard: only what the schema allows tells whether the fuzz comes in.
        if (at + index < made.length && ![0, 401, 403, 429].includes(answer.status)) outcome.within++;
        const problem = judge(route, { asked, answer, canaries: template.canaries });
        return problem === null ? [] : [`${route.name} #${at + index} ${problem}\n    ${tell(asked)}`];
      }),
    );
    outcome.asked += chunk.length;
    outcome.problems.push(...told.flat());
    if ('polluted' in {}) throw new Error(`${route.name}: Object.prototype is polluted, requests #${at} and on`);
    const logged = judgeLog(place.lines.splice(0), template);
    outcome.problems.push(...logged.map((one) => `${route.name} near #${at} ${one}`));
  }
  close();
  return outcome;
}

/** Asks some routes on a server and a copy of the template that serve nobody else. */
async function fuzzTogether(
  routes: readonly FuzzRoute[],
  of: Pick<Place, 'template' | 'described' | 'count'> & { kind: DatabaseKind },
): Promise<Outcome[]> {
  const lines: string[] = [];
  const log = createLog({ level: 'debug', format: 'json', destination: { write: (line) => lines.push(line) } });
  const database = await of.kind.create();
  await copyDatabase(of.template.url, database);
  const server = await openServer(database.url, createFakeClock(of.template.at), log);
  const putBack = await takeSnapshot(server.house.ground.database, server.clock.now);
  const outcomes: Outcome[] = [];
  for (const route of routes) outcomes.push(await fuzzRoute(route, { ...of, server, lines, putBack }));
  await server.close();
  database.forget();
  return outcomes;
}

function judgeLog(lines: readonly string[], { canaries }: Template): string[] {
  return lines.flatMap((line) => {
    const leaked = canaries.find((secret) => line.includes(secret));
    if (leaked !== undefined) return [`logs the secret ${leaked.slice(0, 9)}…`];
    return line.includes('"level":"error"') ? [`logs a fault: ${line.slice(0, 1500)}`] : [];
  });
}

// Each kind of database has its own idea of what a text or a number may hold.
describe.each(databaseKinds())('every route, asked for nonsense, on $name', (kind) => {
  const count = kind.name === 'SQLite' ? howOften({ ci: 500, prove: 5000 }) : howOften({ ci: 40, prove: 5000 });
  let template: Template & { forget(): void };
  let described: Described;
  beforeAll(async () => {
    template = await makeTemplate(kind);
    const database = await kind.create();
    const server = await openServer(database.url, createFakeClock());
    const { routes, components } = await readRoutes(server);
    described = { components, routes: routes.filter(({ name }) => name.includes(ONLY)) };
    if (described.routes.length === 0) throw new Error(`no route is called ${ONLY}`);
    await server.close();
    database.forget();
  });
  afterAll(() => template?.forget());

  // A-107, T-081, T-082, T-095
  test('answers in time, without a fault, and tells no secret', async () => {
    const problems: string[] = [];
    const shallow: string[] = [];
    let asked = 0;
    for (let at = 0; at < described.routes.length; at += TOGETHER) {
      const routes = described.routes.slice(at, at + TOGETHER);
      const outcomes = await fuzzTogether(routes, { kind, template, described, count });
      outcomes.forEach((outcome, index) => {
        asked += outcome.asked;
        problems.push(...outcome.problems);
        const share = `${outcome.within} of ${outcome.made}`;
        if (outcome.within < outcome.made / 10) shallow.push(`${routes[index]?.name}: ${share}`);
      });
    }
    recordProof({
      id: `fuzz-routes-${kind.name.toLowerCase()}`,
      chapter: 'Garbage',
      act: `Every route on ${kind.name} is asked with values made from its own schema, one of them spoilt, and with garbage, by strangers and by callers it lets in`,
      rows: ['A-107', 'T-081', 'T-082', 'T-095'],
      times: asked,
      of: 'requests',
      violations: problems,
      figures: { routes: described.routes.length, 'requests per route': count, seed: SEED },
    });
    expect(problems.slice(0, 20).join('\n'), `seed ${SEED}, ${problems.length} problems`).toBe('');
    // A fuzz that never gets past the guards proves nothing about what is behind them.
    expect(shallow).toEqual([]);
  });
});
