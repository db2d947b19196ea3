/** One mistake: the variable (or YAML key), what is wrong with it, and how it could look. Never quotes a secret. */
export interface ConfigProblem {
  readonly name: string;
  readonly problem: string;
  readonly example: string;
}

/** Thrown once with every mistake of the configuration, in the order of the table of settings. */
export class ConfigError extends Error {
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    const lines = problems.map(({ name, problem, example }) => {
      return `  ${name}: ${problem}${example === '' ? '' : ` Example: ${example}`}`;
    });
    super(
      `The configuration has ${problems.length === 1 ? 'a mistake' : `${problems.length} mistakes`}:\n${lines.join('\n')}`,
    );
    this.name = 'ConfigError';
    this.problems = problems;
  }
}
