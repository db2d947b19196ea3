// Writes docs/reliability.md from the record of the last whole `npm run prove`.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { DatedProof, Proof } from '../packages/server/test/kit/proof.ts';
import { type Machine, machineLine } from './machine.ts';

/** What the proofs did and found. */
export interface ProofRun {
  /** Of the last run. */
  failedTests: number;
  machine: Machine;
  proofs: readonly DatedProof[];
}

/** The proofs of before, those that were done again in the place of the old ones, in the order of their ids. */
export function mergeProofs(before: readonly DatedProof[], done: readonly DatedProof[]): DatedProof[] {
  const kept = before.filter(({ id }) => !done.some((one) => one.id === id));
  return [...kept, ...done].sort((a, b) => a.id.localeCompare(b.id));
}

/** Where the record of the last whole run is kept. */
export const recordPath = fileURLToPath(new URL('../packages/server/test/results/reliability.json', import.meta.url));
const chapters: Record<Proof['chapter'], string> = {
  Races: 'Many callers take the same one-time value at the same moment, through two servers on one database.',
  Kills:
    'A load client writes every answered act to a ledger of its own and syncs it to disk. The server is killed and started again, and the database is held against the ledger.',
  Faults: 'What the server stands on breaks, is slow, is full, or lies about the time.',
  Model:
    'A small model of users, sessions and credentials says what each answer must be; random acts are done to both.',
  Garbage: 'Every route of the OpenAPI document is asked with well-shaped and with shapeless nonsense.',
  Upgrades: 'Two versions of the server work on one database, under load, forth and back.',
};

const introduction = `# Reliability

What was done to Gatehouse, how often, and what was lost. \`npm run prove\` does all of it again and writes this page; CI does the same in a
short form with every change.

<!-- Generated from packages/server/test/results/reliability.json by \`npm run generate\`. -->
`;

/** The record of the last whole run. */
export const readProofRun = (): ProofRun => JSON.parse(readFileSync(recordPath, 'utf8'));

const number = (value: number) => value.toLocaleString('en-US');
const counted = (value: number, noun: string) => `${number(value)} ${noun}${value === 1 ? '' : 's'}`;

function verdict({ proofs, failedTests, machine }: ProofRun): string {
  const lost = proofs.reduce((sum, { violations }) => sum + violations.length, 0);
  const outcome =
    lost === 0 && failedTests === 0
      ? '**Nothing was lost.**'
      : `**${counted(lost, 'violation')}, ${counted(failedTests, 'failed test')}: see below.**`;
  return `${outcome} ${counted(proofs.length, 'proof')}, on ${machineLine(machine)}.`;
}

function row({ act, times, of, violations, figures = {}, rows, date }: DatedProof): string {
  const measured = Object.entries(figures).map(([name, value]) => `${name}: ${value}`);
  const lost = violations.length === 0 ? 'nothing' : `**${violations.join('; ')}**`;
  return `| ${act} | ${number(times)} ${of} | ${lost} | ${measured.join('<br>')} | ${rows.join(', ')} | ${date} |`;
}

/** Renders docs/reliability.md. */
export function describeReliability(run: ProofRun): string {
  const sections = Object.entries(chapters).flatMap(([chapter, sentence]) => {
    const proofs = run.proofs.filter((proof) => proof.chapter === chapter);
    if (proofs.length === 0) return [];
    const head = '| what was done | how often | lost or wrong | measured | about | day |\n|---|---|---|---|---|---|';
    return [`## ${chapter}\n\n${sentence}\n\n${head}\n${proofs.map(row).join('\n')}`];
  });
  return `${introduction}\n${[verdict(run), ...sections].join('\n\n')}\n`;
}

/** Writes docs/reliability.md. */
export function writeReliability(): void {
  writeFileSync(new URL('../docs/reliability.md', import.meta.url), describeReliability(readProofRun()));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeReliability();
