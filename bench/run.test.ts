import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const program = join(import.meta.dirname, 'run.ts');
const run = (...args: string[]) => spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' });

test('a short run prints a table of what was measured beside its limit', () => {
  const { status, stdout } = run('jwks', 'sqlite', '--seconds', '0.2');
  expect(status).toBe(0);
  expect(stdout).toMatch(/^operation +requests\/s +p50 ms +p99 ms +CPU µs +memory MB +limit\/s +of limit/);
  expect(stdout).toMatch(/\nJWKS \(sqlite\) +[1-9]\d+ .* \d+ % /);
});

test('a word that names nothing is answered with those that do', () => {
  const { status, stderr } = run('jwk');
  expect(status).toBe(1);
  expect(stderr).toMatch(/There is nothing called jwk\. There are: .*jwks, .*growth/);
});
