import type { KnownSeed } from './run-model.ts';

/** Runs that found something once: replayed before new ones are tried. A failing run prints its own line for this list. */
export const knownSeeds: readonly (KnownSeed & { found: string })[] = [];
