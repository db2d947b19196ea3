import type { AuditFigure } from './audit-figures.ts';
import type { Measured } from './measure.ts';
import type { GrowthRow } from './measure-growth.ts';
import type { BenchRun } from './results.ts';
import type { StartFigures } from './start-figures.ts';
import { printTable } from './table.ts';

const HEADINGS = ['operation', 'requests/s', 'p50 ms', 'p99 ms', 'CPU µs', 'memory MB', 'limit/s', 'of limit', 'limit'];

function operationRow(one: Measured): string[] {
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

function growthRow({ name, database, points, ratio }: GrowthRow): string[] {
  return [`${name} (${database})`, ...points.map(({ p50Ms }) => p50Ms.toFixed(2)), ratio.toFixed(2)];
}

function startRow(one: StartFigures): string[] {
  return [one.database, one.startMs.toFixed(0), one.idleMegabytes.toFixed(0), one.bareNodeMegabytes.toFixed(0)];
}

function auditRow({ name, perSecond, processorMicroseconds, ofLimit }: AuditFigure): string[] {
  return [name, perSecond.toFixed(0), processorMicroseconds.toFixed(0), `${(ofLimit * 100).toFixed(0)} %`];
}

/** Prints what was measured, one table for each kind of measurement. */
export function printRun({ operations, growth, start, audit, limits }: BenchRun): void {
  const bare = limits.map(({ name, perSecond }) => [name, perSecond.toFixed(0)]);
  if (bare.length > 0) printTable(['with nothing around it', 'a second'], bare);
  if (operations.length > 0) printTable(HEADINGS, operations.map(operationRow));
  const sizes = growth[0]?.points.map(({ users }) => `${users} users`) ?? [];
  if (growth.length > 0) printTable(['p50 in ms', ...sizes, 'largest/smallest'], growth.map(growthRow));
  const columns = ['start', 'to the first answer, ms', 'idle MB', 'bare Node.js MB'];
  if (start.length > 0) printTable(columns, start.map(startRow));
  if (audit.length > 0) printTable(['stage', 'events/s', 'CPU µs', 'of hashing alone'], audit.map(auditRow));
}
