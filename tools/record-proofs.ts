// `node tools/record-proofs.ts <folder>`, the end of `npm run prove`: gathers what the proofs wrote down, and writes
// packages/server/test/results/reliability.json and docs/reliability.md.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Proof } from '../packages/server/test/kit/proof.ts';
import { type ProofRun, recordPath, writeReliability } from './generate-reliability.ts';
import { describeMachine } from './machine.ts';

const MINUTE = 60_000;
const [folder = ''] = process.argv.slice(2);
const read = (path: string) => JSON.parse(readFileSync(join(folder, path), 'utf8'));

const report = read('report.json');
const proofs: Proof[] = readdirSync(join(folder, 'records')).map((name) => read(join('records', name)));
const run: ProofRun = {
  date: new Date(report.startTime).toISOString().slice(0, 10),
  minutes: Math.ceil((Date.now() - report.startTime) / MINUTE),
  tests: report.numPassedTests,
  failedTests: report.numFailedTests,
  machine: describeMachine(),
  proofs: proofs.sort((a, b) => a.id.localeCompare(b.id)),
};
writeFileSync(recordPath, `${JSON.stringify(run, null, 2)}\n`);
writeReliability();
