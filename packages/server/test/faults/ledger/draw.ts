/** Draws a whole number below `below`. */
export type Draw = (below: number) => number;

/** Chance that a seed decides (mulberry32). */
export function createDraw(seed: number): Draw {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** The seed of this run: GATEHOUSE_SEED, to do one again, else a new one. */
export function chooseSeed(): number {
  const given = process.env.GATEHOUSE_SEED;
  return given === undefined ? Date.now() % 1_000_000_007 : Number(given);
}
