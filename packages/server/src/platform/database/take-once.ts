import { type Statement, statement } from './statement.ts';

/**
 * Every kind of value that may be used once, whoever asks for it and however many at the same moment: one name in a list, so that a proof can
 * say it has raced them all (T-006).
 */
const kinds = new Set<string>();

/**
 * Declares the statement that takes a value of a kind, or finds it gone: `where … returning`, or an update that only one caller can make. The
 * decision is the statement's alone; nobody looks first.
 */
export function takeOnce<P extends object, R>(
  kind: string,
  build: Parameters<typeof statement<P, R>>[0],
): Statement<P, R> {
  kinds.add(kind);
  return statement<P, R>(build);
}

/** The kinds that were declared so far, in order. */
export const listOneTimeKinds = (): string[] => [...kinds].sort();
