import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-sum-'));
afterAll(() => rmSync(folder, { recursive: true }));

function report(name, numPassedTests, numFailedTests) {
  writeFileSync(join(folder, name), JSON.stringify({ numPassedTests, numFailedTests }));
  return join(folder, name);
}

function sum(...args) {
  const program = join(import.meta.dirname, 'sum-tests.mjs');
  const { status, stdout } = spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' });
  return { status, stdout };
}

test('the tests of all runs are added up', () => {
  const runs = [`0:${report('a', 3, 0)}`, `0:${report('b', 4, 0)}`];
  expect(sum(...runs)).toEqual({ status: 0, stdout: '7 passed, 0 failed\n' });
});

test('a failed test is counted once, although its run ends badly too', () => {
  expect(sum(`1:${report('c', 3, 2)}`)).toEqual({ status: 1, stdout: '3 passed, 2 failed\n' });
});

test('a run that breaks without a failed test, or without a report, is one failure', () => {
  const runs = [`1:${report('d', 3, 0)}`, `1:${join(folder, 'absent')}`];
  expect(sum(...runs)).toEqual({ status: 1, stdout: '3 passed, 2 failed\n' });
});
