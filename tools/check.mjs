// `npm run check`: every rule of the house, cheapest first. One line each; the first broken one shows its output and
// stops the rest.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { withNodeFirst } from './run-program.mjs';
import { vitestArguments } from './vitest.mjs';

const published = 'packages/browser/tsconfig.build.json';
const cruised = ['packages', 'e2e', 'bench', 'examples', 'tools'];

function steps(root) {
  const module = (path) => join(root, 'node_modules', path);
  const depcruise = [module('dependency-cruiser/bin/dependency-cruiser.mjs'), '--config', '.dependency-cruiser.cjs'];
  const projects = ['server', 'node', 'browser-sdk', 'examples'].flatMap((name) => ['--project', name]);
  return [
    { name: 'format and lint', args: [module('@biomejs/biome/bin/biome'), 'check', '--error-on-warnings'] },
    { name: 'sizes and names', args: [join(root, 'tools/check-sizes.mjs')] },
    { name: 'direction of imports', args: [...depcruise, ...cruised.filter((path) => existsSync(join(root, path)))] },
    { name: 'types', args: [module('typescript/bin/tsc'), '-p', 'tsconfig.json'] },
    { name: 'types of the browser', args: [module('typescript/bin/tsc'), '-p', 'packages/browser'] },
    { name: 'types as published', args: [module('typescript/bin/tsc'), '-p', published, '--noEmit'] },
    { name: 'unused code', args: [module('knip/bin/knip.js'), '--no-progress'] },
    {
      name: 'tests on SQLite',
      args: [...vitestArguments(root), ...projects],
      environment: { GATEHOUSE_TEST_DATABASES: 'sqlite' },
    },
  ];
}

/** Runs all checks in order and answers 0, or 1 after the first that fails. */
export async function check(node, root) {
  for (const step of steps(root)) {
    const startedAt = Date.now();
    const { exitCode, output } = await run(node, root, step);
    const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
    process.stdout.write(`${exitCode === 0 ? 'ok    ' : 'FAILED'}  ${step.name.padEnd(22)} ${seconds.padStart(6)} s\n`);
    if (exitCode !== 0) {
      process.stdout.write(`\n${output}\n`);
      return 1;
    }
  }
  return 0;
}

function run(node, root, step) {
  const env = { ...withNodeFirst(node), ...step.environment };
  const child = spawn(node, step.args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ exitCode: code ?? 1, output }));
  });
}
