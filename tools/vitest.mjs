import { join } from 'node:path';

/** The arguments that make Node run every test; GATEHOUSE_TEST_REPORT names a file for the results as JSON. */
export function vitestArguments(root) {
  const args = [join(root, 'node_modules/vitest/vitest.mjs'), 'run'];
  const report = process.env.GATEHOUSE_TEST_REPORT;
  return report ? [...args, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`] : args;
}
