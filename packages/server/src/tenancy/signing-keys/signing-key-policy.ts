import type { Algorithm, Slot } from './signing-key.ts';

/** What is known of a key besides its halves. */
export interface KeyState {
  algorithm: Algorithm;
  slot: Slot;
  retiredAt: number | null;
  signsFrom: number;
  verifiesUntil: number | null;
}

/**
 * How long a new key is published before it signs: verifiers keep a set for five minutes (`max-age=300`), and a node may serve
 * one that is a few seconds old.
 */
export const PUBLISHED_FIRST_MS = 310_000;

/** For a key that a version retired which did not yet say how long: longer than any access token may live. */
const LONGEST_MS = 2 * 86_400_000;

/** Whether a key still verifies what it signed. */
export function isInForce(key: KeyState, now: number): boolean {
  return key.slot !== 'RETIRED' || now < (key.verifiesUntil ?? (key.retiredAt ?? now) + LONGEST_MS);
}

/**
 * Which of one owner's keys signs now: the CURRENT one once every verifier can know it, until then the one retired last.
 * A shared secret (HS256) never stands in. Null: none of them may, the issuer's must.
 */
export function keyThatSigns<K extends KeyState>(keys: readonly K[], now: number): K | null {
  const ready = keys.filter((key) => key.slot !== 'STANDBY' && key.signsFrom <= now && isInForce(key, now));
  const current = ready.find((key) => key.slot === 'CURRENT');
  if (current) return current;
  const retired = ready.filter((key) => key.algorithm !== 'HS256');
  return retired.sort((a, b) => (b.retiredAt ?? 0) - (a.retiredAt ?? 0))[0] ?? null;
}
