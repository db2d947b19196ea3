import { checkSettings } from './check-settings.ts';
import type { Config } from './config.ts';
import { ConfigError } from './config-error.ts';
import { type Environment, type Findings, gatherValue, type ReadFile, type Sources } from './gather-values.ts';
import { nearest } from './nearest-name.ts';
import { parseValue } from './parse-value.ts';
import { readYaml } from './read-yaml.ts';
import { isSensitive, type Setting } from './setting.ts';
import { type SettingKey, settings } from './settings.ts';

const DEFAULT_FILE = './gatehouse.yaml';
const rows: readonly Setting[] = settings;

/** Everything the configuration depends on. */
export interface ConfigInput {
  readonly env: Environment;
  /** Reads a file as text; null when there is none. */
  readonly readFile: ReadFile;
  /** Values of the command line by setting key; they win over everything. */
  readonly overrides?: Readonly<Partial<Record<SettingKey, string | undefined>>>;
  /** `--config`: must exist when named. */
  readonly configFile?: string | undefined;
  /** Whether the log goes to a terminal; decides its form when nobody does. */
  readonly isTerminal?: boolean;
}

type Values = Record<string, Record<string, unknown>>;

/**
 * Works out the configuration from the YAML file, the environment, `*_FILE` variants and the command line, each
 * winning over the one before. Throws one ConfigError with every mistake; touches nothing but its input.
 */
export function loadConfig(input: ConfigInput): Config {
  const findings: Findings = { problems: [], warnings: unknownVariables(input.env) };
  const yaml = readConfigFile(input, findings);
  const sources: Sources = { yaml, env: input.env, overrides: input.overrides ?? {}, readFile: input.readFile };
  const values: Values = {};
  const given: string[] = [];
  for (const setting of rows) place(values, setting, resolve(setting, sources, { ...findings, given }));
  derive(values, input.isTerminal ?? false);
  const config = { ...values, warnings: findings.warnings, given } as unknown as Config;
  checkSettings(config, findings);
  if (findings.problems.length > 0) throw new ConfigError(onePerName(findings.problems));
  return freeze(config);
}

function readConfigFile(input: ConfigInput, findings: Findings): Map<string, string> {
  const named = input.configFile ?? (input.env.GATEHOUSE_CONFIG || undefined);
  const source = input.readFile(named ?? DEFAULT_FILE);
  if (source !== null) return readYaml(source, findings.problems);
  if (named !== undefined) {
    const name = input.configFile === undefined ? 'GATEHOUSE_CONFIG' : '--config';
    findings.problems.push({ name, problem: 'names a file that cannot be read.', example: DEFAULT_FILE });
  }
  return new Map();
}

/** A value with a mistake is reported and replaced by the default, so that the later checks find the other mistakes. */
function resolve(setting: Setting, sources: Sources, findings: Findings & { given: string[] }): unknown {
  const given = gatherValue(setting, sources, findings);
  if (given !== null) {
    findings.given.push(setting.key);
    const parsed = parseValue(setting, given.text);
    if ('value' in parsed) return parsed.value;
    findings.problems.push({ name: given.name, problem: parsed.problem, example: setting.example });
  }
  if (setting.default === undefined) return undefined;
  const parsed = parseValue(setting, setting.default);
  return 'value' in parsed ? parsed.value : undefined;
}

function place(values: Values, { key, kind }: Setting, value: unknown): void {
  const [group = '', name = ''] = key.split('.');
  const members = values[group] ?? {};
  values[group] = members;
  members[kind === 'duration' ? `${name}Seconds` : name] = value;
}

function derive(values: Values, isTerminal: boolean): void {
  const { server = {}, webauthn = {}, brand = {}, log = {} } = values;
  server.issuer ??= server.port === 80 ? 'http://localhost' : `http://localhost:${server.port}`;
  webauthn.rpId ??= new URL(String(server.issuer)).hostname;
  webauthn.displayName ??= brand.name;
  log.format ??= isTerminal ? 'pretty' : 'json';
}

function unknownVariables(env: Environment): string[] {
  const known = rows.flatMap((row) => row.env.flatMap((name) => (isSensitive(row) ? [name, `${name}_FILE`] : [name])));
  const allowed = ['GATEHOUSE_CONFIG', ...known.filter((name) => name.startsWith('GATEHOUSE_'))];
  const unknown = Object.keys(env).filter((name) => name.startsWith('GATEHOUSE_') && !allowed.includes(name));
  return unknown.sort().map((name) => {
    const suggestion = known.find((other) => name === `GATEHOUSE_${other}`) ?? nearest(name, allowed);
    return `${name} is no setting and is ignored.${suggestion ? ` Did you mean ${suggestion}?` : ''}`;
  });
}

/** A default that stands in for a mistaken value may trip a second rule; only the first mistake is the user's. */
function onePerName(problems: Findings['problems']): Findings['problems'] {
  return problems.filter(({ name }, index) => problems.findIndex((other) => other.name === name) === index);
}

function freeze(config: Config): Config {
  for (const group of Object.values(config)) Object.freeze(group);
  return Object.freeze(config);
}
