import fc from 'fast-check';
import { expect } from 'vitest';

const LONG = 50_000;

/** Any text: letters and signs, controls, halves of pairs. */
export function anyText(maxLength = 100): fc.Arbitrary<string> {
  const unit = fc.oneof(fc.nat(0x7f), fc.nat(0x7f), fc.nat(0xffff));
  return fc.array(unit, { maxLength }).map((units) => String.fromCharCode(...units));
}

/** Long texts that have kept other parsers busy (T-083): each makes a backtracking pattern start over at every character. */
export const evilTexts: readonly string[] = [
  'a'.repeat(LONG),
  ' '.repeat(LONG),
  '\t'.repeat(LONG),
  '@'.repeat(LONG),
  `${'a'.repeat(LONG)}@`,
  `a@${'a.'.repeat(LONG / 2)}`,
  `a@${'-'.repeat(LONG)}`,
  `${'a@'.repeat(LONG / 2)}!`,
  '('.repeat(LONG),
  '"'.repeat(LONG),
  'a,'.repeat(LONG / 2),
  ';q='.repeat(LONG / 3),
  'a=b; '.repeat(LONG / 5),
  'gh_rt_'.repeat(LONG / 6),
  '0'.repeat(LONG),
  `${'1'.repeat(LONG)}s`,
  'https://'.repeat(LONG / 8),
  `https://${'a'.repeat(LONG)}`,
  `https://${'%41'.repeat(LONG / 3)}`,
  '\u0301'.repeat(LONG),
  `e${'\u0301'.repeat(LONG)}`,
  '\ufdfa'.repeat(LONG),
  'ß'.repeat(LONG),
  '\ud800'.repeat(LONG),
  '👩‍👩‍👧‍👦'.repeat(LONG / 11),
  'Mozilla/5.0 ('.repeat(LONG / 13),
  `Mozilla/5.0 ${'(X11; '.repeat(LONG / 6)}`,
  `${'Version/'.repeat(LONG / 8)}Safari`,
];

const BOUND_MS = 10;
const TRIES = 5;

/** Each evil text is dealt with in ten milliseconds. The quickest of a few tries counts: what a busy machine adds is not the parser's. */
export async function expectQuick(parse: (text: string) => unknown): Promise<void> {
  for (const text of evilTexts) {
    let best = Number.POSITIVE_INFINITY;
    for (let turn = 0; turn < TRIES && best > BOUND_MS; turn++) {
      const startedAt = performance.now();
      await parse(text);
      best = Math.min(best, performance.now() - startedAt);
    }
    expect(best, `${text.slice(0, 20)}… of ${text.length} characters`).toBeLessThan(BOUND_MS);
  }
}
