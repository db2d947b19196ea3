import { parseArgs } from 'node:util';
import type { DatabaseName } from './world.ts';

/** What one run is to do. */
export interface Plan {
  databases: DatabaseName[];
  /** Names of files in bench/operations. */
  operations: string[];
  seconds: number;
  /** Whether figures are held against the committed ones instead of replacing them. */
  check: boolean;
  /** Whether everything is measured: only then are the figures kept. */
  whole: boolean;
  /** Names of operations to measure on installations of several sizes. */
  growth: string[];
  start: boolean;
  audit: boolean;
  /** What the machine does with nothing around it. */
  limits: boolean;
}

const DATABASES: DatabaseName[] = ['sqlite', 'postgres'];
const SECONDS = 5;

/** Reads the command line; words choose what is measured, everything unless there are any. Throws for a word that means nothing. */
export function readPlan(args: readonly string[], operations: readonly string[]): Plan {
  const options = { seconds: { type: 'string' }, check: { type: 'boolean' } } as const;
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  const words: string[] = [...operations, ...DATABASES, 'growth', 'start', 'audit', 'limits'];
  const unknown = positionals.find((word) => !words.includes(word));
  if (unknown !== undefined) throw new Error(`There is nothing called ${unknown}. There are: ${words.join(', ')}.`);
  const seconds = Number(values.seconds ?? SECONDS);
  if (!(seconds > 0)) throw new Error('--seconds takes a number above 0.');
  const named = (word: string) => positionals.includes(word);
  const databases = DATABASES.filter(named);
  const parts = positionals.filter((word) => !DATABASES.some((database) => database === word));
  const some = operations.filter(named);
  return {
    databases: databases.length > 0 ? databases : DATABASES,
    operations: parts.length === 0 ? [...operations] : named('growth') ? [] : some,
    seconds,
    check: values.check ?? false,
    whole: positionals.length === 0,
    growth: parts.length === 0 || named('growth') ? (some.length > 0 ? some : [...operations]) : [],
    start: parts.length === 0 || named('start'),
    audit: parts.length === 0 || named('audit'),
    limits: parts.length === 0 || named('limits'),
  };
}
