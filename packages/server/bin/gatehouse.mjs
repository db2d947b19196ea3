#!/usr/bin/env node
// The `gatehouse` command. Plain JavaScript that any Node can read, so that an old one gets a sentence, not a stack.
import { existsSync } from 'node:fs';
import module from 'node:module';
import { fileURLToPath } from 'node:url';

const source = new URL('../src/main.ts', import.meta.url);
const built = new URL('../dist/main.js', import.meta.url);
const repositoryRuntime = new URL('../../../tools/node-runtime.mjs', import.meta.url);

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major > 22 || (major === 22 && minor >= 18)) await run();
else process.exitCode = await runWithNewerNode();

async function run() {
  silenceKnownWarnings();
  // In the repository the sources are TypeScript: with their compiled form kept, every start after the first is twice as fast
  // and holds no compiler in memory. Not for a published package, which is compiled already.
  if (existsSync(source))
    module.enableCompileCache(fileURLToPath(new URL('../../../.cache/compiled', import.meta.url)));
  await import((existsSync(source) ? source : built).href);
}

// We rely on both features and test them on every supported Node; their warning would only worry an operator.
function silenceKnownWarnings() {
  const emitWarning = process.emitWarning;
  process.emitWarning = (warning, ...rest) => {
    const type = typeof rest[0] === 'object' ? rest[0]?.type : rest[0];
    const known = type === 'ExperimentalWarning' && /SQLite|Type Stripping/i.test(String(warning));
    if (!known) emitWarning.call(process, warning, ...rest);
  };
}

async function runWithNewerNode() {
  try {
    if (!existsSync(repositoryRuntime)) throw new Error(tooOld());
    const { ensureNode } = await import(repositoryRuntime.href);
    const { runProgram } = await import(new URL('run-program.mjs', repositoryRuntime).href);
    const node = ensureNode(fileURLToPath(new URL('../../..', import.meta.url)));
    return await runProgram(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], process.cwd());
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}

function tooOld() {
  return `Gatehouse needs Node.js 22.18 or newer, and this is ${process.versions.node}: install Node.js 24 from https://nodejs.org and try again.`;
}
