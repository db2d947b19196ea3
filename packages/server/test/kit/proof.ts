// What the proofs share: how often to do something, and a record of what was done to the server and what came of it.
// `npm run prove` names a folder in GATEHOUSE_PROOF; docs/reliability.md is generated from what is written there.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';

const folder = process.env.GATEHOUSE_PROOF;

/** One thing that was done to the server, over and over. */
export interface Proof {
  /** Unique, in kebab-case. */
  id: string;
  chapter: 'Races' | 'Kills' | 'Faults' | 'Model' | 'Garbage' | 'Upgrades';
  /** What was done, as a sentence without a full stop. */
  act: string;
  /** Rows of the catalogue of security statements, and invariants, that this is about. */
  rows: readonly string[];
  /** How often it was done, and what is counted, in the plural. */
  times: number;
  of: string;
  /** What was lost or wrong, one sentence each. A test that records any must fail. */
  violations: readonly string[];
  /** What else was measured, by name. */
  figures?: Readonly<Record<string, string | number>>;
}

/** A proof as it is written down: with the path of its test. */
export interface WrittenProof extends Proof {
  file: string;
}

/** How often to do something: in CI, and in `npm run prove`. */
export function howOften(count: { ci: number; prove: number }): number {
  return folder === undefined ? count.ci : count.prove;
}

/** Writes a proof down for docs/reliability.md; call it before the assertion on `violations`. */
export function recordProof(proof: Proof): void {
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  const written: WrittenProof = { ...proof, file: expect.getState().testPath ?? '' };
  writeFileSync(join(folder, `${proof.id}.json`), `${JSON.stringify(written, null, 2)}\n`);
}
