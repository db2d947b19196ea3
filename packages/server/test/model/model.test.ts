import { expect, test } from 'vitest';
import { howOften, recordProof } from '../kit/proof.ts';
import { knownSeeds } from './known-seeds.ts';
import { type ModelOutcome, runModel } from './run-model.ts';

const SEED = Number(process.env.GATEHOUSE_MODEL_SEED ?? 20_260_101);

/** What went wrong, and the line for known-seeds.ts that finds it again. */
function tell({ failure }: ModelOutcome): string {
  if (!failure) return '';
  const { seed, path, replayPath, told } = failure;
  return `${told}\n\n  { seed: ${seed}, path: '${path}', replayPath: '${replayPath}', found: '…' },\n`;
}

test.each(knownSeeds)('what was found once is not there any more: $found', async ({ found: _, ...known }) => {
  expect(tell(await runModel({ runs: 1, seed: known.seed, known }))).toBe('');
});

// I4, I7, I8
test('whatever people, administrators and clocks do, the server does what its contract says', async () => {
  const outcome = await runModel({ runs: howOften({ ci: 500, prove: 10_000 }), seed: SEED });
  recordProof({
    id: 'model',
    chapter: 'Model',
    act: 'Two people sign in by code and passkey, refresh, lose answers, present old tokens, sign out and are suspended or deleted, while the clock jumps and the server restarts; after each step all that can be seen is compared with a model',
    rows: ['I4', 'I7', 'I8'],
    times: outcome.runs,
    of: 'runs',
    violations: outcome.failure ? [tell(outcome)] : [],
    figures: { steps: outcome.steps, seed: SEED },
  });
  expect(tell(outcome)).toBe('');
});
