import type { ConfigProblem } from './config-error.ts';
import type { Setting } from './setting.ts';
import { isSensitive } from './setting.ts';

/** Environment variables by name; what `process.env` is. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Reads a file as text; null when there is none. */
export type ReadFile = (path: string) => string | null;

/** The text given for a setting, and the name under which the user gave it. */
export interface Given {
  readonly name: string;
  readonly text: string;
}

/** Where values come from, weakest first: YAML file, environment (or the file it names), command line. */
export interface Sources {
  readonly yaml: ReadonlyMap<string, string>;
  readonly env: Environment;
  readonly overrides: Readonly<Record<string, string | undefined>>;
  readonly readFile: ReadFile;
}

/** What was found beside the value itself. */
export interface Findings {
  readonly problems: ConfigProblem[];
  readonly warnings: string[];
}

/** Finds the text that counts for a setting, or null when nobody gave one. An empty text counts as not given. */
export function gatherValue(setting: Setting, sources: Sources, findings: Findings): Given | null {
  const override = sources.overrides[setting.key]?.trim();
  if (override) return { name: setting.env[0], text: override };
  const fromEnv = gatherFromEnvironment(setting, sources, findings);
  if (fromEnv !== null) return fromEnv;
  const text = sources.yaml.get(setting.key)?.trim();
  return text ? { name: setting.key, text } : null;
}

function gatherFromEnvironment(setting: Setting, sources: Sources, findings: Findings): Given | null {
  const given = setting.env.flatMap((name) =>
    gatherVariable({ name, isSecret: isSensitive(setting) }, sources, findings),
  );
  const [first, ...others] = given;
  const ignored = others.find((other) => other.text !== first?.text);
  if (first && ignored) {
    findings.warnings.push(`${ignored.name} is ignored because ${first.name} is set too.`);
  }
  return first ?? null;
}

interface Variable {
  name: string;
  isSecret: boolean;
}

function gatherVariable({ name, isSecret }: Variable, sources: Sources, findings: Findings): Given[] {
  const plain = sources.env[name]?.trim() ?? '';
  const path = isSecret ? (sources.env[`${name}_FILE`]?.trim() ?? '') : '';
  if (path === '') return plain === '' ? [] : [{ name, text: plain }];
  const fileName = `${name}_FILE`;
  if (plain !== '') {
    findings.problems.push({ name, problem: `is set, and ${fileName} too. Set only one of them.`, example: '' });
    return [];
  }
  const text = sources.readFile(path)?.trim() ?? '';
  if (text !== '') return [{ name: fileName, text }];
  findings.problems.push({
    name: fileName,
    problem: 'names a file that is empty or cannot be read.',
    example: `/run/secrets/${name.toLowerCase()}`,
  });
  return [];
}
