import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const program = join(import.meta.dirname, 'run.mjs');

test.each([[[]], [['deploy']], [['constructor']]])('%j is answered with the commands that exist', (args) => {
  const { status, stderr } = spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' });
  expect(status).toBe(1);
  expect(stderr).toBe(
    'Say which command to run: start, test, check, format, build, prove, bench, release, generate.\n',
  );
});
