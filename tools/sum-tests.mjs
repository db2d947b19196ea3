// `node tools/sum-tests.mjs <exit code>:<report> …` adds up what several test runs reported and prints one line. A run that
// ended badly without a failed test (a broken rule, no report at all) counts as one failure.
import { readFileSync } from 'node:fs';

const runs = process.argv.slice(2).map((argument) => {
  const [exitCode, path] = argument.split(/:(.*)/s);
  const { passed, failed } = readReport(path);
  return { passed, failed: failed === 0 && exitCode !== '0' ? 1 : failed };
});
const sum = (key) => runs.reduce((total, run) => total + run[key], 0);

process.stdout.write(`${sum('passed')} passed, ${sum('failed')} failed\n`);
process.exitCode = sum('failed') === 0 ? 0 : 1;

function readReport(path) {
  try {
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(path, 'utf8'));
    return { passed: numPassedTests, failed: numFailedTests };
  } catch {
    return { passed: 0, failed: 0 };
  }
}
