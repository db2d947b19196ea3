// `npm run bench`: the real server on a core of its own, measured beside what the machine itself can do.
// Words choose: `npm run bench -- refresh sqlite`. `--seconds 2` measures shorter, `--check` compares with the committed figures.
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { writePerformance } from '../tools/generate-performance.ts';
import { describeMachine } from '../tools/machine.ts';
import { stageServer } from '../tools/release/stage-packages.ts';
import { type Plan, readPlan } from './kit/arguments.ts';
import { measureAudit } from './kit/audit-figures.ts';
import { canPin, GENERATOR_CORE, pin } from './kit/cores.ts';
import { measureGrowth } from './kit/measure-growth.ts';
import { type LimitFigure, measureLimits } from './kit/measure-limits.ts';
import { printRun } from './kit/print-run.ts';
import { findRegressions } from './kit/regression-policy.ts';
import { type BenchRun, readResults, writeResults } from './kit/results.ts';
import { loadOperation, runOperations } from './kit/run-operations.ts';
import { measureStart } from './kit/start-figures.ts';

const CONNECTIONS = 32;
const AUDIT_EVENTS = 50_000;
const SIZES = [
  { clients: 10, users: 1_000 },
  { clients: 1_000, users: 100_000 },
  { clients: 10_000, users: 1_000_000 },
];

async function carryOut(plan: Plan): Promise<BenchRun> {
  const effort = { seconds: plan.seconds, connections: CONNECTIONS };
  const growthOperations = await Promise.all(plan.growth.map(loadOperation));
  const [operations, growth, start]: [BenchRun['operations'][], BenchRun['growth'][], BenchRun['start'][]] = [
    [],
    [],
    [],
  ];
  const limits: LimitFigure[] = [];
  for (const database of plan.databases) {
    if (plan.limits) limits.push(...(await measureLimits(database, effort)));
    if (plan.start) start.push([await measureStart(database)]);
    if (plan.operations.length > 0) operations.push(await runOperations(database, plan.operations, effort));
    if (plan.growth.length > 0) {
      const { seconds } = plan;
      growth.push(await measureGrowth({ database, operations: growthOperations, sizes: SIZES, seconds }));
    }
  }
  const audit = plan.audit ? await measureAudit(AUDIT_EVENTS) : [];
  const figures = { operations: operations.flat(), growth: growth.flat(), start: start.flat(), audit, limits };
  const date = new Date().toISOString().slice(0, 10);
  return { date, machine: describeMachine(), pinned: canPin, ...effort, ...figures };
}

/** Says which operations became dearer; true when none did. */
function passes(run: BenchRun): boolean {
  const known = readResults();
  const regressions = findRegressions([...known.operations, ...known.audit], [...run.operations, ...run.audit]);
  for (const regression of regressions) process.stdout.write(`${regression}\n`);
  return regressions.length === 0;
}

const names = readdirSync(new URL('operations', import.meta.url)).map((file) => file.replace(/\.ts$/, ''));
const plan = readPlan(process.argv.slice(2), names.sort());
// Servers end with the run, also with one that is ended.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
await stageServer(
  fileURLToPath(new URL('..', import.meta.url)),
  fileURLToPath(new URL('../.cache/bench/server', import.meta.url)),
);
if (canPin) pin(process.pid, GENERATOR_CORE);
else process.stderr.write('There is no taskset here: server and load generator share the cores as the system likes.\n');
const run = await carryOut(plan);
printRun(run);
if (plan.check) process.exitCode = passes(run) ? 0 : 1;
else if (plan.whole) {
  writeResults(run);
  writePerformance();
}
