import { expect, test } from 'vitest';
import { readReport } from './read-report.ts';

const file = (status: string, ...tests: [string, string][]) => ({
  name: '/root/room/a.test.ts',
  status,
  assertionResults: tests.map(([fullName, one]) => ({ fullName, status: one })),
});

test('tests that failed and tests that were left out are told by their file', () => {
  const report = { testResults: [file('failed', ['works', 'passed'], ['breaks', 'failed'], ['waits', 'pending'])] };
  expect(readReport(report, 1)).toEqual({
    files: new Set(['room/a.test.ts']),
    failed: [{ file: 'room/a.test.ts', name: 'breaks' }],
    skipped: [{ file: 'room/a.test.ts', name: 'waits' }],
  });
});

test('a file that could not be run is a failure', () => {
  expect(readReport({ testResults: [file('failed')] }, 1).failed).toEqual([
    { file: 'room/a.test.ts', name: 'the file could not be run' },
  ]);
});

test('a run that ended badly with every test passed is a failure', () => {
  const report = { testResults: [file('passed', ['works', 'passed'])] };
  expect(readReport(report, 1).failed).toEqual([{ file: '', name: 'the run ended with 1' }]);
  expect(readReport(report, 0).failed).toEqual([]);
});
