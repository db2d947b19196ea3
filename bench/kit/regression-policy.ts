/** The part of a measurement that is held against the committed one. */
export interface Costed {
  name: string;
  database: string;
  processorMicroseconds: number;
}

/** How much dearer an operation may become before the check fails. */
const MOST_GROWTH = 1.25;

/**
 * One sentence for each operation whose CPU time grew by more than a quarter. What is new has nothing to be held against; where all of it is,
 * nothing was checked, which is told too.
 */
export function findRegressions(before: readonly Costed[], now: readonly Costed[]): string[] {
  const isKnown = (one: Costed) => before.some(({ name, database }) => name === one.name && database === one.database);
  if (!now.some(isKnown)) return ['nothing that was measured is among the committed figures'];
  return now.flatMap(({ name, database, processorMicroseconds }) => {
    const known = before.find((one) => one.name === name && one.database === database);
    if (!known) return [];
    const growth = processorMicroseconds / known.processorMicroseconds;
    if (growth <= MOST_GROWTH) return [];
    const [was, is] = [known.processorMicroseconds, processorMicroseconds].map((value) => value.toFixed(0));
    return [`${name} on ${database} costs ${growth.toFixed(2)} times the CPU it did: ${is} µs after ${was} µs`];
  });
}
