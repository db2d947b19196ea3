// The model, run against the real server: users, sessions and credentials, by whatever steps a seed leads to. A program of its own, so that it
// can be run against a copy of the server too: `node run-model.ts <runs> <seed>` prints one line of JSON.
import fc from 'fast-check';
import { checkAfter } from './observe.ts';
import { type Real, startReal } from './real.ts';
import { administer, refresh, restart, revokeOther, signOut, signOutEverywhere, wait } from './session-commands.ts';
import { addPasskey, codeSteps, passkeySignIn, removePasskey, type Step } from './sign-in-commands.ts';
import { createWorld, type World } from './world.ts';

/** Enough to find a run again: paste it into known-seeds.ts. */
export interface KnownSeed {
  seed: number;
  path: string;
  replayPath: string;
}

export interface ModelOutcome {
  runs: number;
  steps: number;
  failure: (KnownSeed & { afterRuns: number; told: string }) | null;
}

const MOST_STEPS = 30;
/** So much time lies between two runs that no limit reaches from one into the next. */
const BETWEEN_MS = 7_200_000;
const LOG_EVERY = 100;

const people = fc.constantFrom<0 | 1>(0, 1);
const places = fc.nat(7);
const codes = people.map(codeSteps);
const seconds = fc.constantFrom(1, 5, 9, 10, 11, 60, 299, 599, 600, 900, 3600, 7199, 7200, 86_399, 86_400);

/** Every kind of step; those that lead to more are there more than once. */
function steps(): fc.Arbitrary<Step>[] {
  const signIn = codes.map((of) => of.signIn);
  const refreshed = fc.tuple(places, fc.constantFrom('current', 'current', 'previous', 'older'), fc.boolean());
  const aRefresh = refreshed.map(([at, which, lost]) => refresh(at, which as 'current', lost));
  const aPasskey = fc.tuple(places, fc.boolean()).map(([at, counts]) => addPasskey(at, counts));
  const hows = fc.constantFrom('right', 'right', 'twice', 'late', 'clone', 'lost');
  const byPasskey = fc.tuple(people, hows).map(([who, how]) => passkeySignIn(who, how as 'right'));
  return [
    signIn,
    signIn,
    signIn,
    aRefresh,
    aRefresh,
    aRefresh,
    aRefresh,
    codes.map((of) => of.send),
    codes.chain((of) => fc.constantFrom(...of.verifies)),
    codes.chain((of) => fc.constantFrom(...of.verifies)),
    aPasskey,
    aPasskey,
    aPasskey,
    places.map(removePasskey),
    byPasskey,
    byPasskey,
    byPasskey,
    places.map(signOut),
    fc.tuple(places, places).map(([at, other]) => revokeOther(at, other)),
    fc.tuple(places, fc.boolean()).map(([at, exceptHere]) => signOutEverywhere(at, exceptHere)),
    fc
      .tuple(people, fc.constantFrom('suspend', 'activate', 'remove', 'endSessions'))
      .map(([who, what]) => administer(who, what as 'suspend')),
    seconds.map(wait),
    seconds.map(wait),
    seconds.map(wait),
    fc.nat(7).map((n) => (n === 0 ? restart() : wait(1))),
  ];
}

let runsSoFar = 0;

/** One run: fresh people on a server that has seen others. Answers how many steps were taken. */
async function runOnce(real: Real, sequence: Iterable<Step>): Promise<number> {
  real.advance(BETWEEN_MS);
  runsSoFar++;
  const world = createWorld(real.now(), [`ada${runsSoFar}@example.com`, `bob${runsSoFar}@example.com`]);
  await fc.asyncModelRun(() => ({ model: world, real }), sequence as Iterable<fc.AsyncCommand<World, Real>>);
  await checkAfter(world, real);
  return world.steps;
}

async function checkRuns(real: Real, of: { runs: number; known?: KnownSeed; seed: number; shrink: boolean }) {
  let runs = 0;
  let done = 0;
  const { known } = of;
  const sequences = fc.commands(steps(), {
    maxCommands: MOST_STEPS,
    size: 'max',
    ...(known && { replayPath: known.replayPath }),
  });
  const property = fc.asyncProperty(sequences, async (sequence) => {
    runs++;
    done += await runOnce(real, sequence);
    if (runs % LOG_EVERY === 0) {
      const problem = await real.verifyLog();
      if (problem !== null) throw new Error(`the audit log does not hold: ${problem}`);
    }
  });
  const result = await fc.check(property, {
    numRuns: of.runs,
    seed: known?.seed ?? of.seed,
    ...(known && { path: known.path }),
    endOnFailure: !of.shrink,
  });
  return { result, steps: done };
}

/** Runs the model until it has run `runs` times or found something. */
export async function runModel(of: {
  runs: number;
  seed: number;
  known?: KnownSeed;
  shrink?: boolean;
}): Promise<ModelOutcome> {
  const real = await startReal();
  try {
    const { result, steps: done } = await checkRuns(real, { shrink: true, ...of });
    if (!result.failed) return { runs: result.numRuns, steps: done, failure: null };
    const told = `${result.counterexample?.[0]}\n${result.errorInstance}`;
    const replayPath = /replayPath="([^"]*)"/.exec(told)?.[1] ?? '';
    const failure = { seed: result.seed, path: result.counterexamplePath ?? '', replayPath, told };
    return { runs: result.numRuns, steps: done, failure: { ...failure, afterRuns: result.numRuns } };
  } finally {
    await real.close();
  }
}

if (import.meta.main) {
  const [runs, seed] = process.argv.slice(2).map(Number);
  process.stdout.write(`${JSON.stringify(await runModel({ runs: runs ?? 1, seed: seed ?? 1, shrink: false }))}\n`);
}
