// `node tools/record-proofs.ts <folder> <exit code> [words]`, the end of `npm run prove`: gathers what the proofs wrote down, and writes
// packages/server/test/results/reliability.json and docs/reliability.md. With words, only some proofs were done: the others keep their place.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WrittenProof } from '../packages/server/test/kit/proof.ts';
import {
  mergeRuns,
  nothingProven,
  type ProofRun,
  readProofRun,
  recordPath,
  writeReliability,
} from './generate-reliability.ts';
import { describeMachine, machineLine } from './machine.ts';
import { fileNameOf, readReport } from './read-report.ts';

const [folder = '', exitCode = '', ...words] = process.argv.slice(2);
const read = (path: string) => JSON.parse(readFileSync(join(folder, path), 'utf8'));

const report = read('report.json');
const date = new Date(report.startTime).toISOString().slice(0, 10);
const machine = machineLine(describeMachine());
const written = readdirSync(join(folder, 'records')).map((name) => read(join('records', name)) as WrittenProof);
const { files, failed, skipped } = readReport(report, Number(exitCode));
const done: ProofRun = {
  proofs: written.map((proof) => ({ ...proof, file: fileNameOf(proof.file), date, machine })),
  failed,
  skipped,
};
const before = words.length > 0 ? readProofRun() : nothingProven;
writeFileSync(recordPath, `${JSON.stringify(mergeRuns(before, done, files), null, 2)}\n`);
writeReliability();
