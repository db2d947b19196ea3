import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { describeReliability, mergeRuns, nothingProven, type ProofRun, readProofRun } from './generate-reliability.ts';

const kill = {
  id: 'kill',
  chapter: 'Kills',
  act: 'Killed',
  rows: ['R-001'],
  times: 1500,
  of: 'kills',
  violations: [],
  file: 'faults/kill.test.ts',
  date: '2026-01-01',
  machine: 'A processor',
} as const;
const run: ProofRun = { ...nothingProven, proofs: [kill] };
const killing = { file: 'faults/kill.test.ts', name: 'is killed' };

test('docs/reliability.md is what the last run wrote down', () => {
  const page = readFileSync(new URL('../docs/reliability.md', import.meta.url), 'utf8');
  expect(page).toBe(describeReliability(readProofRun()));
});

test('a run without a violation says so', () => {
  const page = describeReliability(run);
  expect(page).toContain('**Nothing was lost.** 1 proof, on A processor');
  expect(page).toContain('| Killed | 1,500 kills | nothing |  | R-001 | 2026-01-01 |');
});

test('a violation is told at the top and where it happened', () => {
  const page = describeReliability({ ...run, proofs: [{ ...kill, violations: ['a session is gone'] }] });
  expect(page).not.toContain('Nothing was lost');
  expect(page).toContain('**1 violation, 0 failed tests: see below.**');
  expect(page).toContain('| **a session is gone** |');
});

test('a failed test that recorded nothing is told too', () => {
  const page = describeReliability({ ...run, failed: [killing] });
  expect(page).not.toContain('Nothing was lost');
  expect(page).toContain('- faults/kill.test.ts is killed');
});

test('what was left out is told', () => {
  expect(describeReliability({ ...run, skipped: [killing] })).toContain('Left out:\n\n- faults/kill.test.ts is killed');
});

test('what is proven again takes the place of what was proven before, and the rest stays', () => {
  const again = { ...kill, date: '2026-02-02' };
  const other = { ...kill, id: 'another', file: 'races/other.test.ts' };
  const files = new Set([kill.file]);
  const before = { ...run, proofs: [kill, other], failed: [killing] };
  expect(mergeRuns(before, { ...run, proofs: [again] }, files)).toEqual({ ...run, proofs: [other, again] });
});

test('a proof whose file was run and that wrote nothing down is no longer one', () => {
  const failed = { ...nothingProven, failed: [killing] };
  expect(mergeRuns(run, failed, new Set([kill.file]))).toEqual(failed);
});

test('a failure stays until its file is run again', () => {
  const before = { ...nothingProven, failed: [killing] };
  expect(mergeRuns(before, nothingProven, new Set(['races/other.test.ts'])).failed).toEqual([killing]);
});
