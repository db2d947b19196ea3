/** Why a password cannot be used. */
export type PasswordFlaw = 'too_short' | 'too_long' | 'not_text' | 'common' | 'repeated' | 'sequence' | 'personal';

export interface PasswordFacts {
  /** As typed. */
  password: string;
  /** Least number of code points. */
  minimum: number;
  /** Names of the person and of the service, which anybody would try first. */
  names: readonly string[];
  isCommon(lowerCase: string): boolean;
}

export const MOST_CODE_POINTS = 256;

const LEAST_WITH_SECOND_FACTOR = 8;
const LEAST_ALONE = 15;

/** Least number of code points (N-01): the stricter profile asks for more where nothing but the password is asked for. */
export function minimumLength(of: { profile: 'standard' | 'nist'; isOnlyFactor: boolean }): number {
  return of.profile === 'nist' && of.isOnlyFactor ? LEAST_ALONE : LEAST_WITH_SECOND_FACTOR;
}

/** The one form of a password that is hashed (N-03): composed and decomposed letters are the same letter. */
export function normalisePassword(password: string): string {
  return password.normalize('NFC');
}

/** One unit of up to four characters, over and over. */
function isRepeated(points: readonly string[]): boolean {
  return [1, 2, 3, 4].some((unit) => points.every((point, at) => point === points[at % unit]));
}

/** Every character the neighbour of the one before: abcdefgh, 87654321. */
function isSequence(points: readonly string[]): boolean {
  const steps = points.slice(1).map((point, at) => (point.codePointAt(0) ?? 0) - (points[at]?.codePointAt(0) ?? 0));
  return steps.every((step) => step === 1) || steps.every((step) => step === -1);
}

/** The names that are compared: each whole, and of an address also what stands before the @. */
function wholeNames(names: readonly string[]): string[] {
  return names.flatMap((name) => [name, name.split('@')[0] ?? '']).map((name) => name.normalize('NFC').toLowerCase());
}

/** What is wrong with a password, or null. There are no rules of composition (N-04), and the password is always judged whole (N-05). */
export function judgePassword({ password, minimum, names, isCommon }: PasswordFacts): PasswordFlaw | null {
  // Bounded before any other work: four bytes a code point is the most that UTF-16 has.
  if (password.length > MOST_CODE_POINTS * 2) return 'too_long';
  if (!password.isWellFormed()) return 'not_text';
  const points = [...normalisePassword(password)];
  if (points.length < minimum) return 'too_short';
  if (points.length > MOST_CODE_POINTS) return 'too_long';
  if (isRepeated(points)) return 'repeated';
  if (isSequence(points)) return 'sequence';
  const lower = points.join('').toLowerCase();
  if (wholeNames(names).includes(lower)) return 'personal';
  return isCommon(lower) ? 'common' : null;
}
