import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Machine } from '../../tools/machine.ts';
import type { AuditFigure } from './audit-figures.ts';
import type { Measured } from './measure.ts';
import type { GrowthRow } from './measure-growth.ts';
import type { LimitFigure } from './measure-limits.ts';
import type { StartFigures } from './start-figures.ts';

/** What one whole run measured. */
export interface BenchRun {
  /** ISO 8601. */
  date: string;
  machine: Machine;
  connections: number;
  /** Whether server and load generator had a core of their own. */
  pinned: boolean;
  seconds: number;
  operations: readonly Measured[];
  growth: readonly GrowthRow[];
  start: readonly StartFigures[];
  audit: readonly AuditFigure[];
  limits: readonly LimitFigure[];
}

/** Where the figures of the last whole run are kept: they are also what `--check` compares with. */
const resultsPath = fileURLToPath(new URL('../results/performance.json', import.meta.url));

export const readResults = (): BenchRun => JSON.parse(readFileSync(resultsPath, 'utf8'));

export function writeResults(run: BenchRun): void {
  mkdirSync(dirname(resultsPath), { recursive: true });
  writeFileSync(resultsPath, `${JSON.stringify(run, roundFigures, 2)}\n`);
}

const DIGITS = 4;

/** More digits than a measurement has would only make changes hard to read. */
function roundFigures(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toPrecision(DIGITS)) : value;
}
