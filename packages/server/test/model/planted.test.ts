import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { recordProof } from '../kit/proof.ts';
import { plantBug, readPatch } from './plant-bug.ts';
import type { ModelOutcome } from './run-model.ts';

const PATCHES = fileURLToPath(new URL('planted/', import.meta.url));
const MOST_RUNS = 500;
/** As many runs as the sound copy has to pass at least. */
const CONTROL_RUNS = 60;
const SEED = 20_260_101;
/** The model is run to its end or not at all. */
const RUN_MS = 600_000;

const names = readdirSync(PATCHES).map((file) => file.replace('.patch', ''));
const patchOf = (name: string) => readPatch(readFileSync(join(PATCHES, `${name}.patch`), 'utf8'));
const run = promisify(execFile);

/** Runs the model against a copy of the server, in a process of its own. */
async function runAgainst(folder: string, runs: number): Promise<ModelOutcome> {
  try {
    const program = join(folder, 'test/model/run-model.ts');
    const { stdout } = await run(process.execPath, [program, String(runs), String(SEED)], {
      maxBuffer: 10_000_000,
      timeout: RUN_MS,
      env: { PATH: process.env.PATH },
    });
    return JSON.parse(stdout) as ModelOutcome;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** How many runs it took to find each bug. */
const found: Record<string, number> = {};

describe('a model that finds nothing proves nothing', () => {
  test.each(names.map((name) => [patchOf(name).what, name]))('found: %s', async (_what, name = '') => {
    const { failure } = await runAgainst(plantBug(name, patchOf(name)), MOST_RUNS);
    if (failure) found[name] = failure.afterRuns;
    expect(failure, `${name} was not found in ${MOST_RUNS} runs`).not.toBeNull();
    // A copy that does not even start would be found too, and prove nothing.
    expect(failure?.told).toContain('AssertionError');
  });

  test('a copy of the server as it is passes as many runs as the longest search took', async () => {
    const runs = Math.max(CONTROL_RUNS, ...Object.values(found));
    const outcome = await runAgainst(plantBug('sound', null), runs);
    expect(outcome.failure?.told ?? '').toBe('');
    expect(outcome.runs).toBe(runs);
  });

  test('there are ten and more, and each was found', () => {
    const missed = names.filter((name) => found[name] === undefined);
    recordProof({
      id: 'model-planted',
      chapter: 'Model',
      act: `A bug is planted in a copy of the server, and the model, given ${MOST_RUNS} runs, has to find it`,
      rows: ['I4', 'I7', 'I8'],
      times: names.length,
      of: 'bugs',
      violations: missed.map((name) => `${name} was not found`),
      figures: Object.fromEntries(Object.entries(found).map(([name, runs]) => [`runs until ${name} is found`, runs])),
    });
    expect(names.length).toBeGreaterThanOrEqual(10);
    expect(missed).toEqual([]);
  });
});
