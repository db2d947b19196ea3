// `node tools/run.mjs <command> [arguments…]`: what `npm start`, `npm test` and the other scripts run. It starts on any
// Node from 18 on, finds a Node that runs this repository, installs what is missing, and runs the command.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { check } from './check.mjs';
import { generate } from './generate.mjs';
import { ensureInstalled } from './install.mjs';
import { ensureNode } from './node-runtime.mjs';
import { prove } from './prove.mjs';
import { runProgram } from './run-program.mjs';
import { stopWithParent } from './stop-with-parent.mjs';
import { vitestArguments } from './vitest.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

const commands = {
  start: { needs: 'start', run: (node, args) => start(node, args) },
  test: { needs: 'all', run: (node, args) => runProgram(node, [...vitestArguments(root), ...args], root) },
  check: { needs: 'all', run: (node) => check(node, root) },
  format: { needs: 'all', run: (node, args) => runProgram(node, [biome(), 'check', '--write', ...args], root) },
  build: { needs: 'all', run: (node) => runProgram(node, [join(root, 'tools/build-packages.ts')], root) },
  prove: { needs: 'all', run: (node, args) => prove(node, root, args) },
  bench: { needs: 'all', run: (node, args) => runProgram(node, [join(root, 'bench/run.ts'), ...args], root) },
  release: { needs: 'all', run: (node, args) => runProgram(node, [join(root, 'tools/release.ts'), ...args], root) },
  generate: { needs: 'all', run: (node) => generate(node, root) },
};

const biome = () => join(root, 'node_modules/@biomejs/biome/bin/biome');

async function start(node, args) {
  const program = join(root, 'packages/server/bin/gatehouse.mjs');
  if (node !== process.execPath) return runProgram(node, [program, 'start', ...args], root);
  // The running Node will do: no second process between the terminal and the server.
  process.argv = [process.argv[0], program, 'start', ...args];
  await import(`file://${program}`);
  return undefined;
}

async function main([name, ...args]) {
  const command = Object.hasOwn(commands, name ?? '') ? commands[name] : undefined;
  if (!command) throw new Error(`Say which command to run: ${Object.keys(commands).join(', ')}.`);
  stopWithParent();
  const node = ensureNode(root);
  await ensureInstalled(root, command.needs, node);
  const exitCode = await command.run(node, args);
  if (exitCode !== undefined) process.exitCode = exitCode;
}

main(process.argv.slice(2)).catch((error) => {
  process.stderr.write(`${error.stderr ?? ''}${error.message}\n`);
  process.exitCode = 1;
});
