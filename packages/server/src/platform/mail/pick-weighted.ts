/** Picks one item with a chance in proportion to its weight; null when none has any. `random` gives [0, 1). */
export function pickWeighted<T extends { readonly weight: number }>(
  items: readonly T[],
  random: () => number,
): T | null {
  const eligible = items.filter(({ weight }) => weight > 0);
  let left = random() * eligible.reduce((sum, { weight }) => sum + weight, 0);
  for (const item of eligible) {
    left -= item.weight;
    if (left < 0) return item;
  }
  return eligible.at(-1) ?? null;
}
