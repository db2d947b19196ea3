import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';

const module = new URL('stop-with-parent.mjs', import.meta.url).href;
const child = `import { stopWithParent } from '${module}'; stopWithParent(); console.log('running');
  process.on('SIGTERM', () => { console.log('stopped in order'); process.exit(); }); setTimeout(() => {}, 20_000);`;
const parent = `import { spawn } from 'node:child_process';
  spawn(process.execPath, ['--input-type=module', '-e', ${JSON.stringify(child)}], { stdio: 'inherit' });`;

test('a command that npm started stops in order when the shell between them is killed', async () => {
  const env = { ...process.env, npm_lifecycle_event: 'start' };
  const shell = spawn(process.execPath, ['--input-type=module', '-e', parent], { env });
  const lines = createInterface(shell.stdout);
  expect(await once(lines, 'line')).toEqual(['running']);
  shell.kill('SIGKILL');
  expect(await once(lines, 'line')).toEqual(['stopped in order']);
});
