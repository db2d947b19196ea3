// `npm run prove`: the races, kills, faults, models and garbage that CI runs shortly, run long. What they record becomes
// docs/reliability.md. `npm run prove -- model` runs the proofs whose path holds a word; the others stay on the page as
// they were, each with its day.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from './run-program.mjs';
import { vitestArguments } from './vitest.mjs';

/** Runs all proofs, or those that are named, and answers the exit code of the run. */
export async function prove(node, root, words) {
  const folder = join(root, '.cache/proof');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'records'), { recursive: true });
  process.env.GATEHOUSE_PROOF = join(folder, 'records');
  process.env.GATEHOUSE_TEST_REPORT = join(folder, 'report.json');
  const exitCode = await runProgram(node, [...vitestArguments(root), '--project', 'proof', ...words], root);
  const recorded = await runProgram(
    node,
    [join(root, 'tools/record-proofs.ts'), folder, String(exitCode), ...words],
    root,
  );
  return exitCode === 0 ? recorded : exitCode;
}
