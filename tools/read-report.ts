import { basename, dirname, join } from 'node:path';

/** A test by the file it is in. */
export interface NamedTest {
  file: string;
  name: string;
}

/** What vitest's JSON reporter writes, as far as it is read here. */
export interface TestReport {
  testResults: readonly {
    /** The path of the file. */
    name: string;
    status: string;
    assertionResults: readonly { fullName: string; status: string }[];
  }[];
}

/** Which files of tests were run, which tests failed, and which were left out. */
export interface ReadReport {
  files: ReadonlySet<string>;
  failed: NamedTest[];
  skipped: NamedTest[];
}

const LEFT_OUT = new Set(['pending', 'skipped', 'todo', 'disabled']);

/** What a file of tests is called where proofs are kept: `room/name.test.ts`. */
export const fileNameOf = (path: string): string => join(basename(dirname(path)), basename(path));

/** Reads a report. A file that could not be run, and a run that ended badly without a failed test, are failures too. */
export function readReport({ testResults }: TestReport, exitCode: number): ReadReport {
  const named = testResults.flatMap(({ name: path, assertionResults }) =>
    assertionResults.map(({ fullName: name, status }) => ({ file: fileNameOf(path), name, status })),
  );
  const failed = named.filter(({ status }) => status === 'failed').map(({ file, name }) => ({ file, name }));
  for (const { name: path, status, assertionResults } of testResults) {
    const isTold = assertionResults.some((one) => one.status === 'failed');
    if (status === 'failed' && !isTold) failed.push({ file: fileNameOf(path), name: 'the file could not be run' });
  }
  if (exitCode !== 0 && failed.length === 0) failed.push({ file: '', name: `the run ended with ${exitCode}` });
  return {
    files: new Set(testResults.map(({ name }) => fileNameOf(name))),
    failed,
    skipped: named.filter(({ status }) => LEFT_OUT.has(status)).map(({ file, name }) => ({ file, name })),
  };
}
