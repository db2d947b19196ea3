// `node tools/record-proofs.ts <folder> [words]`, the end of `npm run prove`: gathers what the proofs wrote down, and writes
// packages/server/test/results/reliability.json and docs/reliability.md. With words, only some proofs were done: the others keep their place.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DatedProof, Proof } from '../packages/server/test/kit/proof.ts';
import { mergeProofs, type ProofRun, readProofRun, recordPath, writeReliability } from './generate-reliability.ts';
import { describeMachine } from './machine.ts';

const [folder = '', ...words] = process.argv.slice(2);
const read = (path: string) => JSON.parse(readFileSync(join(folder, path), 'utf8'));

const report = read('report.json');
const date = new Date(report.startTime).toISOString().slice(0, 10);
const done: DatedProof[] = readdirSync(join(folder, 'records')).map((name) => ({
  ...(read(join('records', name)) as Proof),
  date,
}));
const before = words.length > 0 ? readProofRun().proofs : [];
const run: ProofRun = {
  failedTests: report.numFailedTests,
  machine: describeMachine(),
  proofs: mergeProofs(before, done),
};
writeFileSync(recordPath, `${JSON.stringify(run, null, 2)}\n`);
writeReliability();
