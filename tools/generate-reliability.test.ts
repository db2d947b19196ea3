import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { describeReliability, mergeProofs, type ProofRun, readProofRun } from './generate-reliability.ts';

const machine = { processor: 'A processor', cores: 2, memoryGigabytes: 24, system: 'linux 6', node: 'v24.1.0' };
const kill = {
  id: 'kill',
  chapter: 'Kills',
  act: 'Killed',
  rows: ['R-001'],
  times: 1500,
  of: 'kills',
  violations: [],
  date: '2026-01-01',
} as const;
const run: ProofRun = { failedTests: 0, machine, proofs: [kill] };

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
  expect(describeReliability({ ...run, failedTests: 1 })).not.toContain('Nothing was lost');
});

test('what is proven again takes the place of what was proven before, and the rest stays', () => {
  const again = { ...kill, date: '2026-02-02' };
  const other = { ...kill, id: 'another' };
  expect(mergeProofs([kill, other], [again])).toEqual([other, again]);
});
