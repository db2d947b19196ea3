import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type BenchRun, readResults } from '../bench/kit/results.ts';
import { describePerformance } from './generate-performance.ts';
import { drawPerformance } from './performance-plot.ts';

const machine = { processor: 'A processor', cores: 2, memoryGigabytes: 24, system: 'linux 6', node: 'v24.1.0' };
const refresh = {
  name: 'refresh',
  database: 'sqlite',
  perSecond: 4321,
  p50Ms: 3,
  p99Ms: 9,
  processorMicroseconds: 200,
  residentMegabytes: 140,
  limitPerSecond: 8000,
  ofLimit: 0.54,
  formula: '1 / (1/http + 1/signature + 1/write)',
  target: 0.5,
} as const;
const run: BenchRun = {
  date: '2026-01-01',
  machine,
  connections: 32,
  seconds: 5,
  pinned: true,
  operations: [refresh],
  growth: [
    {
      name: 'refresh',
      database: 'postgres',
      points: [
        { clients: 10, users: 1_000, p50Ms: 1, processorMicroseconds: 200 },
        { clients: 10_000, users: 1_000_000, p50Ms: 1.1, processorMicroseconds: 220 },
      ],
      ratio: 1.1,
    },
  ],
  start: [{ database: 'sqlite', startMs: 700, idleMegabytes: 120, bareNodeMegabytes: 44 }],
  audit: [],
  limits: [{ database: 'sqlite', name: 'crypto.sign, ES256', perSecond: 40_000 }],
};
const read = (name: string) => readFileSync(new URL(`../docs/${name}`, import.meta.url), 'utf8');

test('docs/performance.md and its plot are what the last run measured', () => {
  expect(read('performance.md')).toBe(describePerformance(readResults()));
  expect(read('performance.svg')).toBe(drawPerformance(readResults()));
});

test('a target that is met stands beside what was measured, and one that is missed is told', () => {
  const page = describePerformance(run);
  expect(page).toContain('| refresh on SQLite, of its limit | ≥ 50 % | 54 % | met |');
  expect(page).toContain('| start to the first answer on SQLite | ≤ 1,000 ms | 700 ms | met |');
  expect(page).toContain('| memory of an idle server on SQLite | ≤ 100 MB | 120 MB | **missed** |');
  expect(page).toContain('with 1,000,000 sessions, in terms of 1,000 | ≤ 1.3 | 1.10 | met |');
});

test('the plot is as long as the shares are, and marks the target', () => {
  const plot = drawPerformance(run);
  const widths = [...plot.matchAll(/<rect class="\w+" x="300" y="[\d.]+" width="([\d.]+)"/g)].map(([, width]) =>
    Number(width),
  );
  expect(widths).toEqual([259.2, 264]);
  expect(plot).toContain('<line class="target" x1="540"');
});
