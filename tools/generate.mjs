import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from './run-program.mjs';

/** Runs every tools/generate-*.mjs and .ts in the order of their names; stops at the first that fails. */
export async function generate(node, root) {
  const names = readdirSync(join(root, 'tools')).filter((name) => /^generate-.+\.(mjs|ts)$/.test(name));
  for (const name of names.filter((name) => !name.includes('.test.')).sort()) {
    const exitCode = await runProgram(node, [join(root, 'tools', name)], root);
    if (exitCode !== 0) return exitCode;
  }
  return 0;
}
