// Writes docs/reliability.md from what every `npm run prove` wrote down, whole or in part.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Proof, WrittenProof } from '../packages/server/test/kit/proof.ts';
import type { NamedTest } from './read-report.ts';

/** A proof as it is kept: when and on what machine it was done. */
export interface KeptProof extends WrittenProof {
  /** ISO 8601. */
  date: string;
  machine: string;
}

/** What the proofs did and found. */
export interface ProofRun {
  proofs: readonly KeptProof[];
  failed: readonly NamedTest[];
  /** Tests that were left out: the machine has not what they need. */
  skipped: readonly NamedTest[];
}

export const nothingProven: ProofRun = { proofs: [], failed: [], skipped: [] };

/** What was proven before, but for the `files` that were run again: of these only what was found now stays. Proofs in the order of their ids. */
export function mergeRuns(before: ProofRun, done: ProofRun, files: ReadonlySet<string>): ProofRun {
  const others = <T extends { file: string }>(list: readonly T[]) =>
    list.filter(({ file }) => file && !files.has(file));
  return {
    proofs: [...others(before.proofs), ...done.proofs].sort((a, b) => a.id.localeCompare(b.id)),
    failed: [...others(before.failed), ...done.failed],
    skipped: [...others(before.skipped), ...done.skipped],
  };
}

/** Where the record of the proofs is kept. */
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

/** What is kept of all proofs. */
export const readProofRun = (): ProofRun => JSON.parse(readFileSync(recordPath, 'utf8'));

const number = (value: number) => value.toLocaleString('en-US');
const counted = (value: number, noun: string) => `${number(value)} ${noun}${value === 1 ? '' : 's'}`;

function list(title: string, tests: readonly NamedTest[]): string[] {
  return tests.length === 0 ? [] : [`${title}:\n\n${tests.map(({ file, name }) => `- ${file} ${name}`).join('\n')}`];
}

function verdict({ proofs, failed, skipped }: ProofRun): string {
  const lost = proofs.reduce((sum, { violations }) => sum + violations.length, 0);
  const outcome =
    lost === 0 && failed.length === 0
      ? '**Nothing was lost.**'
      : `**${counted(lost, 'violation')}, ${counted(failed.length, 'failed test')}: see below.**`;
  const machines = [...new Set(proofs.map(({ machine }) => machine))].join('; ');
  const summary = `${outcome} ${counted(proofs.length, 'proof')}, on ${machines}.`;
  return [summary, ...list('Failed', failed), ...list('Left out', skipped)].join('\n\n');
}

function row({ act, times, of, violations, figures = {}, rows, date }: KeptProof): string {
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
