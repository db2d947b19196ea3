// `npm run bench`: the real server on a core of its own, measured beside what the machine itself can do.
// Words choose: `npm run bench -- refresh sqlite`. `--seconds 2` measures shorter, `--check` compares with the committed figures.
import { readdirSync } from 'node:fs';
import { describeMachine } from '../tools/machine.ts';
import { readPlan } from './kit/arguments.ts';
import { canPin, GENERATOR_CORE, pin } from './kit/cores.ts';
import type { Measured } from './kit/measure.ts';
import { findRegressions } from './kit/regression-policy.ts';
import { readResults, writeResults } from './kit/results.ts';
import { runOperations } from './kit/run-operations.ts';
import { printTable } from './kit/table.ts';

const CONNECTIONS = 32;

const HEADINGS = ['operation', 'requests/s', 'p50 ms', 'p99 ms', 'CPU µs', 'memory MB', 'limit/s', 'of limit', 'limit'];

function rowOf(one: Measured): string[] {
  return [
    `${one.name} (${one.database})`,
    one.perSecond.toFixed(0),
    one.p50Ms.toFixed(2),
    one.p99Ms.toFixed(2),
    one.processorMicroseconds.toFixed(0),
    one.residentMegabytes.toFixed(0),
    one.limitPerSecond.toFixed(0),
    `${(one.ofLimit * 100).toFixed(0)} %`,
    one.formula,
  ];
}

const names = readdirSync(new URL('operations', import.meta.url)).map((file) => file.replace(/\.ts$/, ''));
const plan = readPlan(process.argv.slice(2), names.sort());
const effort = { seconds: plan.seconds, connections: CONNECTIONS };
if (canPin) pin(process.pid, GENERATOR_CORE);
else process.stderr.write('There is no taskset here: server and load generator share the cores as the system likes.\n');

const operations: Measured[] = [];
if (plan.operations.length > 0)
  for (const database of plan.databases) operations.push(...(await runOperations(database, plan.operations, effort)));

printTable(HEADINGS, operations.map(rowOf));
const date = new Date().toISOString().slice(0, 10);
const run = { date, machine: describeMachine(), connections: CONNECTIONS, pinned: canPin, operations };
if (plan.check) {
  const regressions = findRegressions(readResults().operations, operations);
  for (const regression of regressions) process.stdout.write(`${regression}\n`);
  process.exitCode = regressions.length > 0 ? 1 : 0;
} else if (plan.whole) writeResults(run);
